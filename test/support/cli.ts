import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../bin/slipway.js');

/** What a program that ended left behind. */
export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `slipway` as a process of its own, with an environment that holds nothing of ours but what is given. */
export function runSlipway(
  words: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Finished> {
  return runProgram(process.execPath, [program, ...words], options);
}

/** Runs any program to its end. */
export function runProgram(
  file: string,
  words: string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<Finished> {
  const { TMPDIR } = process.env;
  const child = spawn(file, words, {
    cwd: options.cwd ?? join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'],
      ...(TMPDIR ? { TMPDIR } : {}),
      HOME: '/nonexistent',
      SLIPWAY_SOLC_LIST: 'off',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
