import { readdirSync } from 'node:fs';
import * as viemChains from 'viem/chains';
import { describe, expect, test } from 'vitest';
import { unsupportedNetworks } from '../unsupported-networks.ts';
import { networks } from './index.ts';

test('every network file is in the list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('index.'))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(networks.map((network) => network.name).sort()).toEqual(files.sort());
});

test.each(['name', 'chainId', 'title'] as const)('no two networks have one %s', (key) => {
  const all = [...networks, ...unsupportedNetworks].map((network) => network[key]);
  expect(all.filter((value, index) => all.indexOf(value) !== index)).toEqual([]);
});

test('a main network comes before its test networks, so that a list reads well', () => {
  const names = networks.map(({ name }) => name);
  for (const { name, kind } of networks) {
    const main = name.replace(/-.*$/, '');
    if (kind === 'testnet' && names.includes(main) && main !== name)
      expect([name, names.indexOf(main) < names.indexOf(name)]).toEqual([name, true]);
  }
});

test("chain ids and kinds are those of another list, viem's", () => {
  const others = Object.values(viemChains).filter((chain) => 'rpcUrls' in chain);
  const unknown = networks.filter(({ kind, chainId }) => {
    const same = others.filter(({ id }) => id === chainId);
    for (const other of same) {
      if (kind !== 'local')
        expect([other.name, other.testnet === true]).toEqual([other.name, kind === 'testnet']);
    }
    return same.length === 0;
  });
  // What it lacks was checked by hand: the explorers' documentation has these.
  expect(unknown.map(({ name }) => name)).toEqual(['hyperion-testnet', 'sonic-testnet']);
});

describe.each(networks.map((network) => [network.name, network] as const))('%s', (_, network) => {
  const { kind, name, explorerUrl, faucetUrl, verifiers = [] } = network;

  test('is well formed', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(network.title.length).toBeGreaterThan(2);
    expect(Number.isSafeInteger(network.chainId) && network.chainId > 0).toBe(true);
    expect(network.currency.symbol).toMatch(/^[A-Za-z]{1,6}$/);
    expect(network.currency.decimals).toBe(18);
    expect(network.blockSeconds).toBeGreaterThan(0);
    expect(network.blockSeconds).toBeLessThanOrEqual(15);
  });

  test('waits long enough, and not for ever', () => {
    const seconds = network.confirmations * network.blockSeconds;
    expect(Number.isInteger(network.confirmations)).toBe(true);
    expect(network.confirmations).toBeGreaterThanOrEqual({ local: 1, testnet: 3, mainnet: 10 }[kind]);
    expect(seconds).toBeGreaterThanOrEqual({ local: 0, testnet: 1, mainnet: 5 }[kind]);
    expect(seconds).toBeLessThanOrEqual(300);
  });

  test('has fees that a transaction can have', () => {
    const { priorityFeeMinWei, maxFeeMinWei = priorityFeeMinWei } = network;
    for (const wei of [priorityFeeMinWei, maxFeeMinWei]) expect(Number.isSafeInteger(wei)).toBe(true);
    expect(priorityFeeMinWei).toBeGreaterThanOrEqual(0);
    expect(maxFeeMinWei).toBeGreaterThanOrEqual(priorityFeeMinWei);
    // More than this for each gas would be a slip of the pen.
    expect(maxFeeMinWei).toBeLessThanOrEqual(100_000_000_000);
    // Where there is no priority fee, a floor under it says nothing.
    if (!network.eip1559) expect([priorityFeeMinWei, network.maxFeeMinWei]).toEqual([0, undefined]);
  });

  test('names a CREATE2 deployer that is an address, if another than the usual one', () => {
    if (network.create2Deployer) expect(network.create2Deployer).toMatch(/^0x[0-9a-fA-F]{40}$/);
    else expect([null, undefined]).toContain(network.create2Deployer);
  });

  test('points to an explorer, unless it is local; to a faucet, if it is a test network', () => {
    if (kind === 'local') expect(explorerUrl).toBeUndefined();
    else expectPublicUrl(explorerUrl);
    if (kind === 'testnet') expectPublicUrl(faucetUrl);
    else expect(faucetUrl).toBeUndefined();
  });

  test('says where source is verified, cheapest first', () => {
    const kinds = verifiers.map((verifier) => verifier.kind);
    if (kind === 'local') expect(kinds).toEqual([]);
    else expect(kinds.length).toBeGreaterThan(0);
    // Sourcify needs no key, Etherscan is what people look at, Blockscout stands in.
    expect(kinds).toEqual(
      ['sourcify', 'etherscan', 'blockscout'].filter((one) => kinds.includes(one as never)),
    );
    for (const verifier of verifiers) {
      expectPublicUrl(verifier.apiUrl);
      const shared = {
        sourcify: 'https://sourcify.dev/server',
        etherscan: 'https://api.etherscan.io/v2/api',
      };
      if (verifier.kind !== 'blockscout') expect(verifier.apiUrl).toBe(shared[verifier.kind]);
      // The verifier adds the path of the API that it speaks.
      else expect(new URL(verifier.apiUrl).pathname).toBe('/');
    }
  });

  test('is plain JSON, so that the API can show it as it is', () => {
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });
});

/** Https, nothing secret in it, no trailing slash: paths are added to it. */
function expectPublicUrl(text: string | undefined): void {
  expect(text).toMatch(/^https:\/\/[^?#@\s]+[^/?#@\s]$/);
  expect(URL.canParse(text ?? '')).toBe(true);
}
