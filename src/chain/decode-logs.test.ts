import { encodeAbiParameters, encodeEventTopics, parseAbi } from 'viem';
import { describe, expect, test } from 'vitest';
import { decodeLogs } from './decode-logs.ts';
import type { AbiItem, Hex, Log } from './types.ts';

const abi = parseAbi([
  'event Transfer(address indexed from, address indexed to, uint256 amount)',
  'event Named(string indexed name, (uint256 id, bool known) entry, bytes4[] kinds)',
  'event Unnamed(uint256, address)',
]) as unknown as AbiItem[];
const address: Hex = `0x${'11'.repeat(20)}`;
const one: Hex = `0x${'0'.repeat(39)}1`;
const two: Hex = `0x${'0'.repeat(39)}2`;
const log = (topics: readonly unknown[], data: Hex): Log => ({
  ...{ address, logIndex: 3, topics: topics as Hex[], data },
});
const transfer = encodeEventTopics({
  abi: parseAbi(['event Transfer(address indexed from, address indexed to, uint256 amount)']),
  args: { from: one, to: two },
});

describe('logs', () => {
  test('are events by name with plain values', () => {
    const data = encodeAbiParameters([{ type: 'uint256' }], [10n ** 30n]);
    expect(decodeLogs(abi, [log(transfer, data)])).toEqual([
      {
        address,
        logIndex: 3,
        event: 'Transfer',
        args: { from: one, to: two, amount: (10n ** 30n).toString() },
      },
    ]);
  });

  test('have tuples and lists inside, and the hash of an indexed text', () => {
    const topics = encodeEventTopics({
      abi: parseAbi(['event Named(string indexed name, (uint256 id, bool known) entry, bytes4[] kinds)']),
      args: { name: 'box' },
    });
    const data = encodeAbiParameters(
      [
        {
          type: 'tuple',
          components: [
            { name: 'id', type: 'uint256' },
            { name: 'known', type: 'bool' },
          ],
        },
        { type: 'bytes4[]' },
      ],
      [{ id: 7n, known: true }, ['0x01020304']],
    );
    const [event] = decodeLogs(abi, [log(topics, data)]);
    expect(event).toMatchObject({
      event: 'Named',
      args: { name: topics[1], entry: { id: '7', known: true }, kinds: ['0x01020304'] },
    });
  });

  test('have values by position where they have no name', () => {
    const topics = encodeEventTopics({ abi: parseAbi(['event Unnamed(uint256, address)']) });
    const data = encodeAbiParameters([{ type: 'uint256' }, { type: 'address' }], [5n, one]);
    expect(decodeLogs(abi, [log(topics, data)])[0]?.args).toEqual({ 0: '5', 1: one });
  });

  test.each([
    ['an event that the ABI does not have', log([`0x${'ab'.repeat(32)}`], '0x01')],
    ['one of the same name with another parameter indexed', log([...transfer, `0x${'0'.repeat(63)}9`], '0x')],
    ['data that is too short', log(transfer, '0x0102')],
    ['no topic at all', log([], '0x01')],
  ])('stay as they are: %s', (_what, given) => {
    const { topics, data } = given;
    expect(decodeLogs(abi, [given])).toEqual([{ address, logIndex: 3, event: null, args: {}, topics, data }]);
  });
});
