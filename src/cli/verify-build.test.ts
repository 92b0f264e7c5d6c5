import { expect, test } from 'vitest';
import { bytecodeHash } from '../solidity/bytecode-hash.ts';
import { type Code, compareContracts, sameCompiler } from './verify-build.ts';

const code = (contract: string, creation: string, runtime: string): Code => ({
  file: 'A.sol',
  contract,
  creationBytecode: `0x${creation}`,
  runtimeBytecode: `0x${runtime}`,
});

const verdicts = (stored: Code[], compiled: Code[]) =>
  compareContracts(stored, compiled).map(({ contract, equal }) => [contract, equal]);

test('creation and runtime bytecode both have to be equal', () => {
  const stored = [code('A', '01', '02')];
  expect(verdicts(stored, stored)).toEqual([['A.sol:A', true]]);
  expect(verdicts(stored, [code('A', '01', '03')])).toEqual([['A.sol:A', false]]);
  expect(verdicts(stored, [code('A', '03', '02')])).toEqual([['A.sol:A', false]]);
});

test('a contract that one side lacks is not equal', () => {
  const [a, b] = [code('A', '01', '02'), code('B', '01', '02')];
  expect(verdicts([a, b], [a])).toEqual([
    ['A.sol:A', true],
    ['A.sol:B', false],
  ]);
  expect(compareContracts([a], [a, b])[1]).toEqual({
    contract: 'A.sol:B',
    equal: false,
    creation: { stored: null, compiled: bytecodeHash('0x01') },
    runtime: { stored: null, compiled: bytecodeHash('0x02') },
  });
});

test('interfaces prove nothing, unless one side has code for them', () => {
  const none = code('I', '', '');
  expect(verdicts([none], [none])).toEqual([]);
  expect(verdicts([none], [])).toEqual([]);
  expect(verdicts([none], [code('I', '01', '')])).toEqual([['A.sol:I', false]]);
});

test('a compiler is the same by release and commit, whatever platform it was built for', () => {
  const long = '0.8.37+commit.1a2b3c4d';
  expect(sameCompiler(long, `${long}.Emscripten.clang`)).toBe(true);
  expect(sameCompiler(`${long}.Linux.g++`, `${long}.Emscripten.clang`)).toBe(true);
  expect(sameCompiler(long, '0.8.37+commit.ffffffff')).toBe(false);
  expect(sameCompiler(long, '0.8.36+commit.1a2b3c4d')).toBe(false);
  expect(sameCompiler('odd', 'odder')).toBe(false);
});
