import { describe, expect, test } from 'vitest';
import type { EvmStep } from '../../evm/types.ts';
import { randomFrom } from './random.ts';
import { type Inputs, repair } from './repair.ts';

const sender = [0xabcn];
const now = 1_000n;

function trace(op: string, left: bigint, right: bigint): EvmStep[] {
  const step = { pc: 0, depth: 1, code: '0x01', storage: '0x01' } as const;
  return [
    { ...step, op, stack: [left, right] },
    { ...step, op: 'REVERT', stack: [] },
  ];
}

/** Everything that it may come to, by many seeds. */
function repaired(inputs: Partial<Inputs>, steps: EvmStep[]) {
  const whole: Inputs = { parameters: [], args: [], value: undefined, wait: 0, ...inputs };
  return Array.from({ length: 40 }, (_, seed) =>
    repair(whole, steps, { now, sender, random: randomFrom(String(seed)) }),
  );
}

describe('a transaction that reverted is repaired', () => {
  test('by the ether that it was compared with', () => {
    expect(repaired({ value: 7n }, trace('EQ', 7n, 50n))).toContainEqual(
      expect.objectContaining({ value: 50n }),
    );
  });

  test('by the argument that it was compared with, inside of arrays and tuples too', () => {
    const inputs = {
      parameters: [{ type: 'tuple[]', components: [{ type: 'address' }, { type: 'uint64' }] }],
      args: [[['0x0000000000000000000000000000000000000001', 9n]]],
    };
    const args = [[['0x0000000000000000000000000000000000000001', 21n]]];
    expect(repaired(inputs, trace('LT', 9n, 20n))).toContainEqual(expect.objectContaining({ args }));
  });

  test('by waiting for the time that it was compared with', () => {
    const waits = repaired({}, trace('LT', now, now + 60n)).map((each) => (each as Inputs).wait);
    expect(waits).toContain(60);
  });

  test('not at all where the sender was compared, or nothing that can be chosen', () => {
    expect(repaired({ value: 1n }, trace('EQ', 0xabcn, 0xdefn))).toEqual(Array(40).fill('barred'));
    expect(repaired({}, trace('EQ', 3n, 4n))).toEqual(Array(40).fill(undefined));
    expect(repaired({ value: 1n }, [])).toEqual(Array(40).fill(undefined));
  });
});
