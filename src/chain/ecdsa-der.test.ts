import { expect, test } from 'vitest';
import { readEcdsaSignature, toLowS } from './ecdsa-der.ts';

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

test.each([
  ['small numbers', '30 06 02 01 01 02 01 7f', { r: 1n, s: 127n }],
  ['a zero before a high bit', '30 07 02 02 00 80 02 01 05', { r: 128n, s: 5n }],
  [
    'the largest',
    `30 46 02 21 00 ${(order - 1n).toString(16)} 02 21 00 ${(order - 1n).toString(16)}`,
    { r: order - 1n, s: order - 1n },
  ],
])('reads %s', (_what, der, numbers) => {
  expect(readEcdsaSignature(bytes(der))).toEqual(numbers);
});

test.each([
  ['nothing', ''],
  ['another type', '31 06 02 01 01 02 01 01'],
  ['a wrong length', '30 07 02 01 01 02 01 01'],
  ['something behind', '30 06 02 01 01 02 01 01 00'],
  ['something inside behind', '30 07 02 01 01 02 01 01 00'],
  ['one number', '30 03 02 01 01'],
  ['no number', '30 04 02 00 02 00'],
  ['a negative number', '30 06 02 01 81 02 01 01'],
  ['a needless zero', '30 07 02 02 00 01 02 01 01'],
  ['a number that is cut off', '30 06 02 01 01 02 05 01'],
  ['zero', '30 06 02 01 00 02 01 01'],
  ['the order itself', `30 26 02 21 00 ${order.toString(16)} 02 01 01`],
  ['a long form of the length', '30 81 06 02 01 01 02 01 01'],
])('refuses %s', (_what, der) => {
  expect(readEcdsaSignature(bytes(der))).toBeNull();
});

test('s is brought to the lower half, at its edge', () => {
  const half = order / 2n;
  const low = (s: bigint) => BigInt(toLowS({ r: 1n, s }).s);
  expect([low(1n), low(half), low(half + 1n), low(order - 1n)]).toEqual([1n, half, half, 1n]);
  expect(toLowS({ r: 1n, s: 1n }).r).toBe(`0x${'1'.padStart(64, '0')}`);
});
