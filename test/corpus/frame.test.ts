import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const frame = join(import.meta.dirname, 'frame.ts');

/** Runs the frame with one made-up corpus in a process of its own. */
function run(...args: string[]) {
  const script = `
    const { runCorpora } = await import(${JSON.stringify(frame)});
    const corpus = { name: 'made-up', describe: 'Counts.', options: ['part'], flags: ['whole'],
      refuse: ({ part }) => part === 'none' ? 'There is no such part.' : undefined,
      run: async ({ words }) => ({ rows: [{ case: 'one', count: 2 }], remarks: ['as it should be'],
        result: { count: 2, words }, shortfalls: words.part === 'bad' ? ['one is wrong'] : [] }) };
    process.exitCode = await runCorpora([corpus], process.argv.slice(1));`;
  const words = ['--input-type=module', '-e', script, '--', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words);
  return { status, stdout: String(stdout), stderr: String(stderr) };
}

test('prints a table, remarks, and one object as the last line where it is asked for', () => {
  expect(run('made-up')).toMatchObject({ status: 0, stdout: 'case  count\none       2\nas it should be\n' });
  const { status, stdout } = run('made-up', '--json', '--whole', '--part', 'good');
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    ...{ corpus: 'made-up', ok: true, count: 2 },
    words: { part: 'good', whole: 'true' },
  });
});

test('ends with 1 when something falls short, and says what', () => {
  const { status, stdout, stderr } = run('made-up', '--part', 'bad', '--json');
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'Falls short: one is wrong\n' });
  expect(stdout).toContain('"ok":false');
});

test.each([
  [[], 'made-up    Counts. [--part …] [--whole]'],
  [['unknown'], 'There is no corpus unknown.'],
  [['made-up', '--port', '1'], "Unknown option '--port'"],
  [['made-up', '--part'], 'argument missing'],
  [['made-up', '--part', 'none'], 'There is no such part.'],
])('%j is wrong use: nothing is run, and it says why', (args, reason) => {
  const { status, stdout, stderr } = run(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(reason);
});
