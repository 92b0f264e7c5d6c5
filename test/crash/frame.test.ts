import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CrashOptions, type CrashProof, type CrashReport, runProofs } from './frame.ts';

const report: CrashReport & Record<string, unknown> = {
  ...{ runs: 1, kills: 1, killsWithWorkUnfinished: 1, accepted: 1, finished: 1 },
  ...{ lost: 0, duplicated: 0, stuck: 0, untrue: 0, manualRepairs: 0, seed: 1 },
};

let ran: CrashOptions[] = [];
let printed: string[] = [];
let complained: string[] = [];

const holds: CrashProof = {
  name: 'holds',
  describe: 'Holds.',
  async run(options) {
    ran.push(options);
    return { report, shortfalls: [] };
  },
};
const fallsShort: CrashProof = {
  ...{ name: 'falls-short', describe: 'Does not.' },
  run: async () => ({ report, shortfalls: ['one job is lost'] }),
};
const lacksPart: CrashProof = { ...holds, name: 'lacks-part', missing: () => 'there is no such program.' };
const proofs = [holds, fallsShort, lacksPart];

beforeEach(() => {
  [ran, printed, complained] = [[], [], []];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void complained.push(text));
});
afterEach(() => vi.restoreAllMocks());

describe('the command line of the proofs', () => {
  test('hands on what was asked for, and defaults', async () => {
    expect(await runProofs(proofs, ['holds'])).toBe(0);
    expect(ran[0]).toMatchObject({ runs: 50, processes: 4, engine: 'postgres' });
    const words = ['--runs', '3', '--seed', '9', '--processes', '6', '--engine', 'redis'];
    expect(await runProofs(proofs, ['holds', ...words])).toBe(0);
    expect(ran[1]).toMatchObject({ runs: 3, seed: 9, processes: 6, engine: 'redis' });
  });

  test('takes from 2 to 16 processes', async () => {
    for (const [processes, status] of [
      ['1', 2],
      ['2', 0],
      ['16', 0],
      ['17', 2],
    ] as const) {
      expect(await runProofs(proofs, ['holds', '--processes', processes])).toBe(status);
    }
  });

  test.each([
    [[]],
    [['unknown']],
    [['holds', '--runs', '0']],
    [['holds', '--engine', 'kafka']],
    [['holds', '--speed', '3']],
  ])('shows its words for %j', async (args) => {
    expect(await runProofs(proofs, args)).toBe(2);
    expect(complained.join('\n')).toContain('Usage: npm run crash');
    expect(ran).toEqual([]);
  });

  test('says what falls short, for people and for programs', async () => {
    expect(await runProofs(proofs, ['falls-short', '--json'])).toBe(1);
    expect(complained).toContain('Falls short: one job is lost');
    expect(JSON.parse(printed.at(-1) ?? '')).toEqual({ proof: 'falls-short', ok: false, ...report });
  });

  test('a proof that lacks a part is not run, and that is no pass', async () => {
    expect(await runProofs(proofs, ['lacks-part', '--json'])).toBe(1);
    expect(ran).toEqual([]);
    expect(complained).toContain('NOT RUN: there is no such program.');
    expect(JSON.parse(printed.at(-1) ?? '')).toEqual({
      ...{ proof: 'lacks-part', ok: false, notRun: 'there is no such program.' },
    });
  });
});
