import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stopProcess, waitForExit } from '../../src/ops/processes.ts';

/**
 * Waits until its standard input closes, which happens however the runner ends, kill -9 included; then ends whatever
 * still names the directory and removes it. SIGQUIT first: PostgreSQL then gives its shared memory back.
 */
const guardScript = `
trap '' INT TERM HUP
cat > /dev/null
for signal in QUIT KILL; do
  for process in /proc/[0-9]*; do
    id=\${process#/proc/}
    if [ "$id" != $$ ] && grep -qF "$1" $process/cmdline $process/environ 2> /dev/null; then
      kill -$signal "$id" 2> /dev/null && found=1
    fi
  done
  [ -n "$found" ] && sleep 0.5
done
rm -rf "$1"`;

/** A directory for everything one test run writes. */
export interface TestRoot {
  dir: string;
  /** Removes the directory and ends everything that still works in it. */
  release(): Promise<void>;
}

/**
 * Makes the directory that the run's `TMPDIR` points to, watched over by a small guard process, so that neither
 * files nor processes stay behind when a run is interrupted or killed.
 */
export function makeTestRoot(): TestRoot {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  // The embedded PostgreSQL runs as another user when we are root, and must get in.
  chmodSync(dir, 0o755);
  const guard = spawn('/bin/sh', ['-c', guardScript, 'slipway-test-guard', dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return {
    dir,
    async release() {
      guard.stdin.end();
      if (guard.pid) await waitForExit(guard.pid, 10_000);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A process that a test left behind. */
export interface Leak {
  pid: number;
  command: string;
}

/** What a process that was told to end may take until it is gone. */
const graceMs = 2_000;

/** @returns processes whose command line or environment names `dir`, but for the guard; those that end in 2 s do not count */
export async function findLeaks(dir: string): Promise<Leak[]> {
  const end = performance.now() + graceMs;
  for (;;) {
    const leaks = processesOf(dir);
    if (leaks.length === 0 || performance.now() > end) return leaks;
    await wait(100);
  }
}

function processesOf(dir: string): Leak[] {
  const leaks: Leak[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    if (command === '' || command.includes('slipway-test-guard')) continue;
    if (command.includes(dir) || read(`/proc/${pid}/environ`).includes(dir)) leaks.push({ pid, command });
  }
  return leaks;
}

/** Ends what `findLeaks` found. */
export async function endLeaks(leaks: readonly Leak[]): Promise<void> {
  for (const { pid } of leaks) {
    await stopProcess(pid, [
      ['SIGQUIT', 1_000],
      ['SIGKILL', 1_000],
    ]);
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
