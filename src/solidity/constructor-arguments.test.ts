import { decodeAbiParameters } from 'viem';
import { describe, expect, test } from 'vitest';
import { AppError } from '../lib/app-error.ts';
import { encodeConstructorArguments } from './constructor-arguments.ts';
import type { AbiItem, AbiParameter } from './types.ts';

const constructorOf = (...inputs: AbiParameter[]): AbiItem[] => [
  { type: 'function', name: 'f', inputs: [{ name: 'x', type: 'bool' }] },
  { type: 'constructor', inputs },
];

/** Issues as `pointer code: message`. */
function issues(abi: AbiItem[], args: unknown): string[] {
  try {
    encodeConstructorArguments(abi, args);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error).toMatchObject({ code: 'constructor-arguments-invalid', status: 422 });
    return error.issues.map((issue) => `${issue.pointer} ${issue.code}: ${issue.message}`);
  }
  return [];
}

const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const max = 2n ** 256n - 1n;

describe('what is taken', () => {
  test.each<[string, unknown, unknown]>([
    ['uint256', 5, 5n],
    ['uint256', '1000000000000000000000', 10n ** 21n],
    ['uint256', String(max), max],
    ['uint256', '0xff', 255n],
    ['uint8', 255, 255],
    ['int8', -128, -128],
    ['int256', '-1', -1n],
    ['uint256', 0, 0n],
    ['bool', false, false],
    ['string', '', ''],
    ['string', 'zwölf 🦄', 'zwölf 🦄'],
    ['address', address, address],
    ['address', address.toLowerCase(), address],
    ['bytes', '0x', '0x'],
    ['bytes', '0x1234', '0x1234'],
    ['bytes4', '0xdeadbeef', '0xdeadbeef'],
    ['uint256[]', [], []],
    ['uint256[]', [1, '2'], [1n, 2n]],
    ['uint8[2]', [1, 2], [1, 2]],
    ['bool[2][]', [[true, false]], [[true, false]]],
  ])('%s from %j', (type, given, decoded) => {
    const { encoded } = encodeConstructorArguments(constructorOf({ name: 'a', type }), [given]);
    expect(decodeAbiParameters([{ type }], encoded)).toEqual([decoded]);
  });

  const point: AbiParameter = {
    name: 'point',
    type: 'tuple',
    internalType: 'struct Point',
    components: [
      { name: 'x', type: 'uint256' },
      { name: 'tags', type: 'string[]' },
    ],
  };

  test('tuples as arrays or objects, alone and in arrays', () => {
    const asObject = encodeConstructorArguments(constructorOf(point), [{ x: '7', tags: ['a'] }]);
    const asArray = encodeConstructorArguments(constructorOf(point), [[7, ['a']]]);
    expect(asArray.encoded).toBe(asObject.encoded);
    const many = encodeConstructorArguments(constructorOf({ ...point, type: 'tuple[]' }), [[[7, ['a']]]]);
    expect(many.values).toEqual([[{ x: 7n, tags: ['a'] }]]);
  });

  test('arguments by name', () => {
    const abi = constructorOf({ name: 'owner', type: 'address' }, { name: 'cap', type: 'uint256' });
    expect(encodeConstructorArguments(abi, { cap: 3, owner: address }).encoded).toBe(
      encodeConstructorArguments(abi, [address, 3]).encoded,
    );
    expect(issues(abi, { cap: 3, ownr: address })).toEqual([
      '/constructorArgs/ownr argument-unexpected: there is no ownr; the names are owner, cap',
      '/constructorArgs/owner argument-missing: missing: address owner, written as "0x70997970c51812dc3a010c7d01b50e0d17dc79c8"',
    ]);
  });

  test('nothing, for a constructor without parameters or none at all', () => {
    for (const args of [undefined, null, [], {}]) {
      expect(encodeConstructorArguments([], args)).toEqual({ encoded: '0x', values: [] });
      expect(encodeConstructorArguments(constructorOf(), args)).toEqual({ encoded: '0x', values: [] });
    }
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, string]>([
    ['uint8', 256, 'integer-out-of-range: uint8 a takes 0 to 255, got 256'],
    ['uint256', -1, 'integer-out-of-range'],
    ['int8', '128', 'integer-out-of-range: int8 a takes -128 to 127, got "128"'],
    ['uint256', String(max + 1n), 'integer-out-of-range'],
    ['uint256', 1e21, 'integer-unsafe: uint256 a: JSON numbers this large lose digits'],
    ['uint256', 2 ** 53, 'integer-unsafe'],
    [
      'uint256',
      1.5,
      'integer-not-whole: uint256 a takes a whole number of the smallest unit, got 1.5; 1.5 of a token with 18 decimals is written "1500000000000000000"',
    ],
    ['uint256', '1.5', 'integer-not-whole'],
    [
      'uint256',
      '1e18',
      'integer-not-whole: uint256 a takes a whole number of the smallest unit, got "1e18"; 1e18 is written "1000000000000000000"',
    ],
    [
      'uint256',
      '2.5 ether',
      'integer-not-whole: uint256 a takes a whole number of the smallest unit, got "2.5 ether"; 2.5 ether is written "2500000000000000000"',
    ],
    [
      'uint256',
      '30 gwei',
      'integer-not-whole: uint256 a takes a whole number of the smallest unit, got "30 gwei"; 30 gwei is written "30000000000"',
    ],
    ['uint8', '1.5', 'integer-not-whole: uint8 a takes a whole number of the smallest unit, got "1.5"'],
    [
      'uint256',
      '1e999',
      'integer-not-whole: uint256 a takes a whole number of the smallest unit, got "1e999"',
    ],
    ['uint256', '1.23 gwei of it', 'argument-type-wrong'],
    ['uint256', '', 'argument-type-wrong'],
    ['uint256', true, 'argument-type-wrong'],
    ['uint256', null, 'argument-type-wrong: expected uint256 a, got null'],
    ['uint256', '9'.repeat(100_000), 'argument-type-wrong'],
    ['bool', 'true', 'argument-type-wrong: expected bool a, got "true"; write it as true'],
    ['bool', 1, 'argument-type-wrong'],
    ['string', 5, 'argument-type-wrong'],
    ['string', '\ud800', 'string-not-text'],
    ['address', '0x1234', 'argument-type-wrong'],
    ['address', 'vitalik.eth', 'argument-type-wrong'],
    ['address', address.replace('C5', 'c5'), 'address-checksum-wrong'],
    ['bytes4', '0xdead', 'bytes-length-wrong: bytes4 a takes exactly 4 bytes (0x and 8 digits), got 2'],
    ['bytes', 'dead', 'argument-type-wrong'],
    ['bytes', '0xdea', 'argument-type-wrong'],
    ['bytes', `0x${'00'.repeat(500_000)}`, 'arguments-too-large'],
    ['uint8[2]', [1], 'array-length-wrong: expected 2 elements of uint8, got 1'],
    ['uint8[]', 5, 'argument-type-wrong: expected uint8[] a, got 5; write it as ["1000", …]'],
  ])('%s from %j', (type, given, expected) => {
    const found = issues(constructorOf({ name: 'a', type }), [given]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`/constructorArgs/0 ${expected}`);
    expect(found[0]?.length).toBeLessThan(300);
  });

  test('every argument that is wrong is named, at any depth', () => {
    const abi = constructorOf(
      { name: 'owner', type: 'address' },
      { name: 'fees', type: 'uint8[]' },
      { name: 'p', type: 'tuple', components: [{ name: 'a/b', type: 'bool' }] },
    );
    expect(issues(abi, ['me', [1, 300, 'x'], { 'a/b': 0 }]).map((issue) => issue.split(':')[0])).toEqual([
      '/constructorArgs/0 argument-type-wrong',
      '/constructorArgs/1/1 integer-out-of-range',
      '/constructorArgs/1/2 argument-type-wrong',
      '/constructorArgs/2/a~1b argument-type-wrong',
    ]);
  });

  test('too few, too many, and no list at all', () => {
    const abi = constructorOf({ name: 'cap', type: 'uint256' }, { name: 'open', type: 'bool' });
    expect(issues(abi, [1])).toEqual([
      '/constructorArgs/1 argument-missing: missing: bool open, written as true',
    ]);
    expect(issues(abi, [1, true, 2])).toEqual([
      '/constructorArgs/2 argument-unexpected: 3 values were given, 2 are taken',
    ]);
    expect(issues(abi, '1,true')).toEqual([
      '/constructorArgs not-a-list: expected an array of 2 values, got "1,true"',
    ]);
    expect(issues([], [1])).toHaveLength(1);
    expect(issues(constructorOf({ name: 's', type: 'string' }), ['x'.repeat(100_000)])[0]).toContain(
      'arguments-too-large',
    );
  });

  test('the error says how the whole is written', () => {
    const abi = constructorOf({ name: 'owner', type: 'address' }, { name: 'tags', type: 'string[]' });
    try {
      encodeConstructorArguments(abi, []);
      expect.unreachable();
    } catch (error) {
      expect([(error as AppError).message, (error as AppError).hint]).toMatchInlineSnapshot(`
        [
          "The constructor is constructor(address owner, string[] tags); the arguments given do not fit it in 2 places.",
          "Write them as ["0x70997970c51812dc3a010c7d01b50e0d17dc79c8", ["text", …]].",
        ]
      `);
    }
  });
});
