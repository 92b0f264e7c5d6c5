import { expect, test } from 'vitest';
import { toUnits, unitsExpression } from './amounts.ts';
import { contractIdentifier, stringLiteral } from './solidity-text.ts';

test.each([
  ['GameCoin', 'GameCoin'],
  ['foo bar', 'FooBar'],
  ['contract', 'Contract'],
  ['ERC20', 'ERC20Token'],
  ['Ownable', 'OwnableToken'],
  ['Transfer', 'TransferToken'],
  ['2 Moons', 'Token2Moons'],
  ['Café Crème', 'CafeCreme'],
  ['日本円', 'Token'],
  ['$$$', 'Token'],
])('the contract of the name %j is %s', (name, identifier) => {
  expect(contractIdentifier(name, 'Token')).toBe(identifier);
});

test.each([
  ['a"b\\', '"a\\"b\\\\"'],
  ['日本円', 'unicode"日本円"'],
])('the literal of %j is %s', (text, literal) => {
  expect(stringLiteral(text)).toBe(literal);
});

test.each([
  ['10000000', 18, '10_000_000 * 10 ** 18', 10n ** 25n],
  ['2.50', 18, '25 * 10 ** 17', 25n * 10n ** 17n],
  [1000, 0, '1_000', 1000n],
  ['0.5', 1, '5', 5n],
])('%s tokens with %i decimals are %s units', (amount, decimals, expression, units) => {
  expect(unitsExpression(amount, decimals)).toBe(expression);
  expect(toUnits(amount, decimals)).toBe(units);
});

test('a fraction finer than the decimals has no units', () => {
  expect(toUnits('0.05', 1)).toBeUndefined();
});
