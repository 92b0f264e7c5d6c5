import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { networks } from '../../src/chain/networks/index.ts';
import type { ReplyOf } from '../../src/client/route-types.ts';
import { type Anvil, startAnvil } from '../support/anvil.ts';
import { runSlipway } from '../support/cli.ts';
import { startPlatform, type TestPlatform, type TestUser } from '../support/platform.ts';

/** An operator's own chain, added by file, as everybody sees it and as a deployment uses it. */
const secret = 'hunter2-hunter2';
const chainId = 31_402;
let dir: string;
let anvil: Anvil;
let platform: TestPlatform;
let user: TestUser;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-networks-'));
  anvil = await startAnvil({ args: ['--chain-id', String(chainId)] });
  const mine = {
    name: 'mine',
    title: 'Our chain',
    chainId,
    kind: 'local',
    confirmations: 2,
    blockSeconds: 1,
    rpcUrls: [{ url: `${anvil.url}/?key=${secret}`, requestsPerSecond: 500 }],
    explorerUrl: 'https://explorer.mine.example',
    verifiers: [{ kind: 'blockscout', apiUrl: 'https://blockscout.mine.example' }],
  };
  writeFileSync(join(dir, 'networks.json'), JSON.stringify([mine, { name: 'sepolia', confirmations: 9 }]));
  platform = await startPlatform({
    env: {
      SLIPWAY_NETWORKS_FILE: join(dir, 'networks.json'),
      SLIPWAY_RPC_HOODI: `${anvil.url}/?key=${secret}`,
    },
  });
  user = await platform.register();
});
afterAll(async () => {
  await platform.stop();
  await anvil.stop();
  rmSync(dir, { recursive: true });
});

/** The command line of a user of the server, with the settings of the folder where it runs. */
const slipway = (...words: string[]) => {
  const env = {
    SLIPWAY_URL: platform.url,
    SLIPWAY_API_KEY: user.accessToken,
    SLIPWAY_NETWORKS_FILE: 'networks.json',
  };
  return runSlipway(words, { env, cwd: dir });
};

test('everybody sees what is known and what is configured, and no address of a node', async () => {
  const { status, text } = await platform.send('GET /api/v1/networks');
  expect(status).toBe(200);
  const body = JSON.parse(text) as ReplyOf<'GET /api/v1/networks'>;
  expect(text).not.toContain(secret);
  expect(text).not.toContain(anvil.url);
  expect(body.items).toHaveLength(networks.length + 1);
  expect(body.items.at(-1)).toEqual({
    name: 'mine',
    title: 'Our chain',
    chainId,
    kind: 'local',
    configured: true,
    currency: { symbol: 'ETH', decimals: 18 },
    confirmations: 2,
    blockSeconds: 1,
    eip1559: true,
    priorityFeeMinWei: '0',
    explorerUrl: 'https://explorer.mine.example',
    verifiers: [{ kind: 'blockscout', apiUrl: 'https://blockscout.mine.example' }],
  });
  expect(body.items.find(({ name }) => name === 'sepolia')).toMatchObject({
    configured: false,
    confirmations: 9,
    faucetUrl: 'https://sepolia-faucet.pk910.de',
    verifiers: [
      { kind: 'sourcify', apiUrl: 'https://sourcify.dev/server' },
      { kind: 'etherscan', apiUrl: 'https://api.etherscan.io/v2/api' },
      { kind: 'blockscout', apiUrl: 'https://eth-sepolia.blockscout.com' },
    ],
  });
  expect(body.unsupported).toContainEqual(
    expect.objectContaining({ name: 'zksync', chainId: 324, reason: expect.stringContaining('EraVM') }),
  );
});

test('only those that can be reached, or only the others', async () => {
  const names = async (configured: 'true' | 'false') => {
    const { items } = await user.client.call('GET /api/v1/networks', { query: { configured } });
    return items.map(({ name }) => name);
  };
  expect(await names('true')).toEqual(['local', 'hoodi', 'mine']);
  expect(await names('false')).toHaveLength(networks.length - 2);
  expect((await platform.send('GET /api/v1/networks?configured=maybe')).status).toBe(422);
});

test('a contract is deployed to a network that came by file', async () => {
  const job = await user.client.call('POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': 'pragma solidity ^0.8.20; contract Box { uint256 public value = 7; }' } },
    waitSeconds: 60,
  });
  const { subjectId: id } = await user.client.call('POST /api/v1/contracts/deploy', {
    body: { buildId: job.subjectId, network: 'mine' },
  });
  await expect
    .poll(
      async () => {
        // It has to wait for a second block, which this chain mines when it is told to.
        await mine();
        return (await user.client.call('GET /api/v1/deployments/:id', { params: { id } })).status;
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe('confirmed');
});

const mine = () =>
  fetch(anvil.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: [] }),
  });

test('a network that is left out for a reason says so', async () => {
  const { status, body } = await platform.send('POST /api/v1/pipelines', {
    token: user.accessToken,
    body: { compile: { sources: { 'A.sol': 'contract A {}' } }, deploy: { network: 'zksync-era' } },
  });
  expect([status, body.code]).toEqual([422, 'network-unsupported']);
  expect(body.detail).toContain('zksolc');
});

test('health tells which are reachable and right', async () => {
  const { text } = await platform.send('GET /health');
  const parts = (JSON.parse(text) as { parts: { name: string; status: string; detail: string }[] }).parts;
  const part = (name: string) => parts.find((one) => one.name === name);
  expect(part('network mine')).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining(`chain ${chainId}, block`),
  });
  expect(part('network hoodi')).toMatchObject({ status: 'down' });
  expect(part('network hoodi')?.detail).toContain(`serves chain ${chainId}, but hoodi is chain 560048`);
  expect(part('networks')?.detail).toBe(`local, hoodi, mine configured; ${networks.length - 2} more known.`);
  expect(text).not.toContain(secret);
});

test('slipway networks prints a table, or JSON', async () => {
  const table = await slipway('networks', '--configured');
  expect({ code: table.code, stderr: table.stderr }).toEqual({ code: 0, stderr: '' });
  const lines = table.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^name +chain +kind +here +confirmations +verified by +explorer +faucet$/);
  expect(lines[3]).toMatch(/^mine +31402 +local +yes +2 +blockscout +https:\/\/explorer\.mine\.example$/);
  const json = await slipway('networks', '--json');
  expect(JSON.parse(json.stdout).items).toHaveLength(networks.length + 1);
});

test('slipway doctor names them, with the settings of where it runs', async () => {
  const { stdout } = await slipway('doctor', '--json');
  const { parts } = JSON.parse(stdout) as { parts: { name: string; detail: string }[] };
  const detail = (name: string) => parts.find((part) => part.name === name)?.detail;
  expect(detail('network settings')).toBe('mine (1 address), sepolia (no address)');
  expect(detail('network hoodi')).toContain('but hoodi is chain 560048');
  expect(stdout).not.toContain(secret);
});

test('a server does not start on a bad file, and says where it is bad', async () => {
  writeFileSync(
    join(dir, 'bad.json'),
    JSON.stringify([{ name: 'sepolia', chainId: 5, rpcUrls: [`ftp://${secret}`] }]),
  );
  const env = { SLIPWAY_NETWORKS_FILE: 'bad.json' };
  const { code, stdout, stderr } = await runSlipway(['serve'], { env, cwd: dir });
  expect(code).not.toBe(0);
  expect(`${stdout}${stderr}`).toContain('bad.json at /0/rpcUrls/0: expected');
  expect(`${stdout}${stderr}`).not.toContain(secret);
});
