import { afterAll, beforeAll, expect, test } from 'vitest';
import { evmVersionAdvice } from './hint-evm.ts';
import { startCompiler } from './start-compiler.ts';
import type { Compiler } from './types.ts';

let compiler: Compiler;
beforeAll(async () => {
  compiler = await startCompiler({ workers: 2 });
});
afterAll(() => compiler.close());

/** Newest first. */
const namesKnownTo = (version: string) =>
  /knows: (.*)\.$/.exec(evmVersionAdvice(version, 'atlantis'))?.[1]?.split(', ') ?? [];

async function accepts(version: string, evmVersion: string): Promise<boolean> {
  const sources = { 'A.sol': `pragma solidity ${version}; contract A {}` };
  const { diagnostics } = await compiler.check(
    compiler.prepare({ sources, compiler: version, settings: { evmVersion } }),
  );
  return !diagnostics.some(({ severity }) => severity === 'error');
}

test.each([
  '0.8.37',
  '0.8.28',
  '0.8.26',
  '0.8.24',
  '0.8.23',
  '0.8.20',
  '0.8.19',
  '0.8.10',
  '0.8.4',
  '0.6.12',
  '0.5.17',
  '0.5.16',
  '0.4.26',
  '0.4.24',
])('%s knows the hard forks that the hint names, and no newer one', async (version) => {
  const all = namesKnownTo('0.8.37');
  const known = namesKnownTo(version);
  expect(known.length).toBeGreaterThan(0);
  expect(all.slice(-known.length)).toEqual(known);
  for (const name of all) {
    expect(`${name}: ${await accepts(version, name)}`).toBe(`${name}: ${known.includes(name)}`);
  }
});
