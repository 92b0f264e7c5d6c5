import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { networks } from './index.ts';

test('every network file is in the list', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('index.'))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(networks.map((network) => network.name).sort()).toEqual(files.sort());
});

test('names and chain ids are unique', () => {
  expect(new Set(networks.map((network) => network.name)).size).toBe(networks.length);
  expect(new Set(networks.map((network) => network.chainId)).size).toBe(networks.length);
});

describe.each(networks.map((network) => [network.name, network] as const))('%s', (_, network) => {
  test('is well formed', () => {
    expect(network.name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(network.title.length).toBeGreaterThan(2);
    expect(network.chainId).toBeGreaterThan(0);
    expect(network.currency.symbol).toMatch(/^[A-Z]{3,5}$/);
    expect(network.currency.decimals).toBe(18);
    expect(network.confirmations).toBeGreaterThanOrEqual(network.kind === 'mainnet' ? 10 : 1);
    expect(network.blockSeconds).toBeGreaterThan(0);
    expect(network.priorityFeeMinWei).toBeGreaterThanOrEqual(0);
  });

  test('points to an explorer with https and no trailing slash, unless it is local', () => {
    if (network.kind === 'local') expect(network.explorerUrl).toBeUndefined();
    else expect(network.explorerUrl).toMatch(/^https:\/\/[^?#]+[^/]$/);
    for (const url of [network.explorerUrl, network.faucetUrl])
      if (url) expect(() => new URL(url)).not.toThrow();
  });

  test('is plain JSON, so that the API can show it as it is', () => {
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });
});
