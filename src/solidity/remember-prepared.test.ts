import { expect, test } from 'vitest';
import { bundledVersions } from './bundled-compilers.ts';
import { rememberPrepared } from './remember-prepared.ts';

const sources = { 'A.sol': 'pragma solidity ^0.8.20; contract A {}' };

test('the same request is prepared once, another one anew', () => {
  const prepare = rememberPrepared(() => ({ bundled: bundledVersions(), listed: [] }));
  const first = prepare({ sources });
  expect(prepare(structuredClone({ sources }))).toBe(first);
  const other = prepare({ sources, settings: { viaIR: true } });
  expect(other.inputHash).not.toBe(first.inputHash);
  expect(prepare({ sources })).toBe(first);
});

test('a compiler that has come to the list since is chosen from', () => {
  let listed: string[] = [];
  const prepare = rememberPrepared(() => ({ bundled: bundledVersions(), listed }));
  const request = { sources: { 'A.sol': 'pragma solidity =0.8.3; contract A {}' } };
  expect(() => prepare(request)).toThrow();
  listed = ['0.8.3'];
  expect(prepare(request).compiler).toBe('0.8.3');
  listed = [];
  expect(() => prepare(request)).toThrow();
});

test('requests up to four million bytes are kept, the ones asked for last', () => {
  const prepare = rememberPrepared(() => ({ bundled: bundledVersions(), listed: [] }));
  const large = (mark: string) => ({
    sources: { 'A.sol': `${sources['A.sol']} // ${mark}${'x'.repeat(1_500_000)}` },
  });
  const first = prepare(large('a'));
  const second = prepare(large('b'));
  expect(prepare(large('a'))).toBe(first);
  prepare(large('c'));
  expect(prepare(large('a'))).toBe(first);
  expect(prepare(large('b'))).not.toBe(second);
});
