import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Counts, summaryLine } from './counts.ts';
import { endLeaks, findLeaks, makeTestRoot } from './test-root.ts';

/*
 * What `npm test` runs: type check, format and lint, then Vitest with the arguments given here, then a look for
 * processes that were left behind. Each check that fails counts as one failed test. The last line is the summary.
 */

const project = join(import.meta.dirname, '../..');
const modules = join(project, 'node_modules');
const words = process.argv.slice(2);

const root = makeTestRoot();
const countsFile = join(root.dir, 'counts.json');
let interrupted: NodeJS.Signals | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal));
let current: ReturnType<typeof spawn> | null = null;

const failures: string[] = [];
if (!(await run('types', 'typescript/bin/tsc', ['--noEmit']))) failures.push('types');
if (!(await run('format and lint', '@biomejs/biome/bin/biome', ['check', '.'])))
  failures.push('format and lint');

const vitest = [
  'run',
  '--reporter=default',
  `--reporter=${join(import.meta.dirname, 'reporter.ts')}`,
  ...words,
];
const vitestPassed = await run('tests', 'vitest/vitest.mjs', vitest);
const counts = readCounts();
if (!vitestPassed && counts.failed === 0) failures.push('the test runner ended with an error');

const leaks = await findLeaks(root.dir);
for (const { pid, command } of leaks) console.error(`left behind by a test: process ${pid}: ${command}`);
if (leaks.length > 0) failures.push(`${leaks.length} processes left behind`);
await endLeaks(leaks);
await root.release();

for (const failure of failures) console.error(`FAILED: ${failure}`);
if (interrupted) console.error(`interrupted by ${interrupted}`);
counts.failed += failures.length;
const passed = counts.failed === 0 && vitestPassed && !interrupted;
console.log(summaryLine(counts));
process.exitCode = interrupted === 'SIGINT' ? 130 : passed ? 0 : 1;

/** Runs one of the project's tools by this Node.js. @returns whether it ended with 0 */
function run(title: string, program: string, args: string[]): Promise<boolean> {
  if (interrupted) return Promise.resolve(false);
  console.log(`> ${title}`);
  return new Promise((resolve) => {
    current = spawn(process.execPath, [join(modules, program), ...args], {
      cwd: project,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TMPDIR: root.dir, TEST_RUN_ROOT: root.dir, TEST_RUN_COUNTS: countsFile },
    });
    current.once('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    current.once('close', (code) => resolve(code === 0));
  });
}

/** Ctrl-C reaches the tool by itself; a signal to us alone is passed on. We stay until everything is cleared away. */
function onSignal(signal: NodeJS.Signals): void {
  interrupted = signal;
  current?.kill(signal);
}

function readCounts(): Counts {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
