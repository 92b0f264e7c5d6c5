import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { median, round } from '../../bench/frame.ts';
import { hostileCases } from '../corpus/hostile/index.ts';
import { type HostileWorld, hostileSettings, startHostileWorld } from '../support/hostile-world.ts';
import { makeDataDir, type RunningServer, startServer } from '../support/server.ts';

/** Compiles of the other account before the attack, to compare with those during it. */
const compilesBefore = 15;

let server: RunningServer;
let world: HostileWorld;
const dataDir = makeDataDir();
const before: number[] = [];

beforeAll(async () => {
  server = await startServer({ dataDir, env: { ...hostileSettings, SLIPWAY_LOG_LEVEL: 'error' } });
  world = await startHostileWorld(server, { pauseMs: 200 });
  await vi.waitUntil(() => before.push(...world.takeOtherMs()) >= compilesBefore, { timeout: 50_000 });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const inputs = hostileCases.flatMap((one) =>
  one.inputs.map((input) => [[one.name, input.name].filter(Boolean).join(': '), input] as const),
);

describe('each gets its answer, the server lives, and the compile after it works', () => {
  test.each(inputs)(
    '%s',
    async (_, input) => {
      expect(await world.attack(input)).toEqual([]);
    },
    100_000,
  );
});

test('the other account was served all the while, by the same process', async () => {
  const during = world.takeOtherMs();
  expect(await world.stop()).toEqual([]);
  expect(during.length).toBeGreaterThan(inputs.length);
  expect(server.output()).not.toContain('unhandled');
  const [alone, meanwhile] = [round(median(before), 1), round(median(during), 1)];
  console.log(`a small compile of another account: ${alone} ms alone, ${meanwhile} ms meanwhile (medians)`);
});

test('every file of the corpus is in its index, and each case has a name and a reason of its own', () => {
  const folder = join(import.meta.dirname, '../corpus/hostile');
  const files = readdirSync(folder).filter((file) => file !== 'index.ts' && file !== 'case.ts');
  expect(hostileCases.map((one) => `${one.name}.ts`).sort()).toEqual(files.sort());
  expect(hostileCases.length).toBeGreaterThanOrEqual(25);
  expect(new Set(inputs.map(([title]) => title)).size).toBe(inputs.length);
  for (const { why } of hostileCases) expect(why.length).toBeGreaterThan(30);
});
