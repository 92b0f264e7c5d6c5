import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Anvil, startAnvil } from '../../test/support/anvil.ts';
import { networks } from '../chain/networks/index.ts';
import { AppError } from '../lib/app-error.ts';
import { readConfig } from '../ops/config.ts';
import { createChains } from './chains.ts';
import { checkNetwork } from './check-network.ts';

const chainId = 424_242;
let right: Anvil;
let wrong: Anvil;

beforeAll(async () => {
  [right, wrong] = await Promise.all([startAnvil({ args: ['--chain-id', String(chainId)] }), startAnvil()]);
});
afterAll(() => Promise.all([right.stop(), wrong.stop()]));

/** The chains of an installation with these networks set. */
function chainsOf(settings: object, localUrl: (() => string) | null = null) {
  const { networks } = readConfig({ SLIPWAY_NETWORKS: JSON.stringify(settings) }, '/');
  return createChains({ settings: networks, localUrl });
}

function refused(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is known', () => {
  const chains = chainsOf(
    {
      sepolia: { confirmations: 7, title: 'Our Sepolia', rpcUrls: ['http://127.0.0.1:9'] },
      base: { verifiers: [{ kind: 'blockscout', apiUrl: 'https://own.example' }] },
      mine: { chainId, rpcUrls: ['http://127.0.0.1:9'] },
    },
    () => 'http://127.0.0.1:9',
  );
  const find = (name: string) => chains.known().find(({ network }) => network.name === name);

  test("the list with the settings' changes, and their own networks behind it", () => {
    const names = chains.known().map(({ network }) => network.name);
    expect(names).toEqual([...networks.map(({ name }) => name), 'mine']);
    expect(find('sepolia')?.network).toMatchObject({
      title: 'Our Sepolia',
      chainId: 11_155_111,
      confirmations: 7,
      faucetUrl: 'https://sepolia-faucet.pk910.de',
    });
    expect(find('base')?.network.verifiers).toEqual([{ kind: 'blockscout', apiUrl: 'https://own.example' }]);
    expect(find('mine')?.network).toEqual({
      name: 'mine',
      title: 'mine',
      chainId,
      kind: 'mainnet',
      currency: { symbol: 'ETH', decimals: 18 },
      confirmations: 12,
      blockSeconds: 12,
      eip1559: true,
      priorityFeeMinWei: 0,
    });
  });

  test('only those with an address can be reached', () => {
    expect(chains.list().map(({ name }) => name)).toEqual(['local', 'sepolia', 'mine']);
    const configured = chains.known().filter((entry) => entry.configured);
    expect(configured.map(({ network }) => network.name)).toEqual(['local', 'sepolia', 'mine']);
  });

  test.each([
    ['nowhere', 'unknown-network', 'This installation reaches: local, sepolia, mine.'],
    ['base-sepolia', 'network-not-configured', 'Set SLIPWAY_RPC_BASE_SEPOLIA to the address of a node'],
    ['zksync', 'network-unsupported', 'Slipway does not deploy to ZKsync Era. Its virtual machine, EraVM,'],
    ['zkSync-Era', 'network-unsupported', 'this installation reaches: local, sepolia, mine.'],
    ['zksync-era-sepolia', 'network-unsupported', 'Slipway does not deploy to ZKsync Sepolia.'],
  ])('%s is refused as %s', (name, code, words) => {
    const error = refused(() => chains.network(name));
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.hint}`).toContain(words);
  });
});

describe('the nodes of a network', () => {
  test('each tells on its own whether it is there and serves the right chain; no key is repeated', async () => {
    const rpcUrls = [
      `${right.url}/?key=hunter2-key`,
      `${wrong.url}/?key=hunter2-key`,
      'http://127.0.0.1:9/hunter2-key',
    ];
    const chains = chainsOf({ mine: { chainId, rpcUrls } });
    const answers = await chains.probe('mine');
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, false]);
    const network = chains.network('mine');
    const health = await checkNetwork(chains, network);
    expect(health.status).toBe('degraded');
    expect(health.detail).toContain(`chain ${chainId}, block 0, 1 of 3 endpoints: `);
    expect(health.detail).toContain(`serves chain 31337, but mine is chain ${chainId}`);
    expect(health.detail).toContain('http://127.0.0.1:9 ');
    expect(health.detail).not.toContain('hunter2');
  });

  test('one that is behind the others is told', async () => {
    const blocks = await startAnvil({ args: ['--chain-id', String(chainId)] });
    await blocks.rpc('anvil_mine', ['0x40']);
    const chains = chainsOf({ mine: { chainId, rpcUrls: [right.url, blocks.url] } });
    expect(await checkNetwork(chains, chains.network('mine'))).toEqual({
      status: 'degraded',
      detail: `chain ${chainId}, block 64, 1 of 2 endpoints: One is 64 blocks behind.`,
    });
    await blocks.stop();
  });

  test('all well, and none', async () => {
    const chains = chainsOf({
      one: { chainId, rpcUrls: [right.url] },
      two: { chainId: 31_338, rpcUrls: [wrong.url, 'http://127.0.0.1:9'] },
    });
    const health = (name: string) => checkNetwork(chains, chains.network(name));
    expect(await health('one')).toEqual({ status: 'ok', detail: `chain ${chainId}, block 0` });
    expect((await health('two')).status).toBe('down');
  });

  test('are not asked again at once', async () => {
    const chains = chainsOf({ mine: { chainId, rpcUrls: [right.url] } });
    expect(await chains.probe('mine')).toBe(await chains.probe('mine'));
  });

  test('an embedded chain that moved is asked where it is now', async () => {
    let url = 'http://127.0.0.1:9';
    const chains = chainsOf({}, () => url);
    expect((await chains.probe('local')).map(({ ok }) => ok)).toEqual([false]);
    url = wrong.url;
    expect((await chains.probe('local')).map(({ ok }) => ok)).toEqual([true]);
    expect((await chains.connect('local')).network.name).toBe('local');
  });
});
