import { expect, test } from 'vitest';
import { limits } from '../lib/limits.ts';
import { settingsSchema } from './settings-schema.ts';

const takes = (settings: unknown) => settingsSchema.safeParse(settings).success;

test('settings at their limits', () => {
  const remappings = (count: number, length = 3) => ({
    remappings: Array(count).fill(`a=${'b'.repeat(length - 2)}`),
  });
  expect([takes(remappings(limits.remappingsMax)), takes(remappings(limits.remappingsMax + 1))]).toEqual([
    true,
    false,
  ]);
  expect([takes(remappings(1, 500)), takes(remappings(1, 501))]).toEqual([true, false]);
  const runs = (count: number) => ({ optimizer: { runs: count } });
  expect([takes(runs(4_294_967_295)), takes(runs(4_294_967_296)), takes(runs(0)), takes(runs(-1))]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});

test.each([
  { optimizer: { enabled: true, details: { yul: true, unknown: 1 } } },
  { metadata: { bytecodeHash: 'sha256' } },
  { debug: { revertStrings: 'loud' } },
  { libraries: { 'A.sol': { L: '0x1' } } },
  { modelChecker: {} },
])('%j is no setting', (settings) => expect(takes(settings)).toBe(false));
