import { encodeErrorResult, parseAbi } from 'viem';
import { expect, test } from 'vitest';
import { decodeRevert } from './decode-revert.ts';
import type { AbiItem, Hex } from './types.ts';

const abi = parseAbi([
  'error Error(string message)',
  'error Panic(uint256 code)',
  'error TooSmall(uint256 given, address by, string why)',
]);
const own = abi.filter((item) => item.name === 'TooSmall') as unknown as AbiItem[];

test('require with a message', () => {
  const data = encodeErrorResult({ abi, errorName: 'Error', args: ['cap is zero'] });
  expect(decodeRevert(data, [])).toMatchObject({ kind: 'error', message: 'cap is zero' });
});

test('panics say what they mean', () => {
  const words = (code: bigint) =>
    decodeRevert(encodeErrorResult({ abi, errorName: 'Panic', args: [code] }), []).message;
  expect(words(0x11n)).toBe('Panic 0x11: arithmetic overflow or underflow');
  expect(words(0x12n)).toBe('Panic 0x12: division or modulo by zero');
  expect(words(0x99n)).toBe('Panic 0x99: unknown panic code');
});

test("the contract's own errors carry names and values", () => {
  const address = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
  const data = encodeErrorResult({ abi, errorName: 'TooSmall', args: [7n, address, 'say "why"'] });
  expect(decodeRevert(data, own)).toEqual({
    kind: 'custom',
    name: 'TooSmall',
    message: `TooSmall(7, ${address}, "say \\"why\\"")`,
    args: { given: '7', by: address, why: 'say "why"' },
    data,
  });
});

test.each<[Hex | null, string, string]>([
  [null, 'empty', 'no reason given'],
  ['0x', 'empty', 'no reason given'],
  ['0x12', 'raw', 'unknown error 0x12'],
  ['0xdeadbeef', 'raw', 'unknown error 0xdeadbeef'],
  // Error(string) whose length points past the end.
  ['0x08c379a0ffff', 'raw', 'unknown error 0x08c379a0ffff'],
])('%s is never an exception', (data, kind, message) => {
  expect(decodeRevert(data, own)).toMatchObject({ kind, message });
});

test('a reason of megabytes is cut', () => {
  const long = 'no '.repeat(400_000);
  const address = '0x71C7656EC7ab88b098defB751B7401B5f6d8976F';
  const error = decodeRevert(encodeErrorResult({ abi, errorName: 'Error', args: [long] }), []);
  const custom = decodeRevert(
    encodeErrorResult({ abi, errorName: 'TooSmall', args: [7n, address, long] }),
    own,
  );
  for (const reason of [error, custom]) expect(JSON.stringify(reason).length).toBeLessThan(10_000);
  expect(error.message.startsWith('no no ')).toBe(true);
});
