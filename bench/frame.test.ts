import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { median, percentile, table } from './frame.ts';

const frame = join(import.meta.dirname, 'frame.ts');

/** Runs the frame with one made-up benchmark in a process of its own. */
function run(...args: string[]) {
  const script = `
    const { runBenchmarks } = await import(${JSON.stringify(frame)});
    const benchmark = { name: 'made-up', describe: 'Counts.', run: async ({ words }) => ({
      rows: [{ case: 'one', ms: 1.5 }], result: { ms: 1.5, words }, ok: words.bar !== 'high', shortfalls: [] }) };
    process.exitCode = await runBenchmarks([benchmark], process.argv.slice(1));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    script,
    '--',
    ...args,
  ]);
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

test('prints a table, and one object as the last line where it is asked for', () => {
  expect(run('made-up')).toMatchObject({ status: 0, stdout: 'case   ms\none   1.5\n' });
  const { status, stdout } = run('made-up', '--json', '--bar', 'low', '--fast');
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    benchmark: 'made-up',
    ok: true,
    ms: 1.5,
    words: { bar: 'low', fast: 'true' },
  });
});

test('ends with 1 below the bar and with 2 when it does not know the name', () => {
  expect(run('--bar', 'high', 'made-up').status).toBe(1);
  expect(run('unknown')).toMatchObject({ status: 2, stderr: expect.stringContaining('made-up    Counts.') });
  expect(run().status).toBe(2);
});

test('figures', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(percentile([1, 2, 3, 4], 99)).toBe(4);
  expect(median([])).toBeNaN();
  expect(table([])).toBe('');
});
