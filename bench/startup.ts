import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stopProcess } from '../src/ops/processes.ts';
import { type Benchmark, round } from './frame.ts';

const firstSecondsMax = 12;
const secondSecondsMax = 5;
const waitSecondsMax = 60;

/** From the command to the first `/readyz` 200: with a database to make, and on the data of the first start. */
export const startup: Benchmark = {
  name: 'startup',
  describe: `Seconds from start to /readyz 200: first at most ${firstSecondsMax}, second at most ${secondSecondsMax}.`,
  async run({ note }) {
    const dataDir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
    chmodSync(dataDir, 0o755);
    try {
      note('first start, with nothing there …');
      const first = await measureStart(dataDir);
      note('second start, on the same data …');
      const second = await measureStart(dataDir);
      const shortfalls = [
        ...(first.seconds > firstSecondsMax
          ? [`the first start took ${first.seconds} s, the bar is ${firstSecondsMax} s`]
          : []),
        ...(second.seconds > secondSecondsMax
          ? [`the second start took ${second.seconds} s, the bar is ${secondSecondsMax} s`]
          : []),
      ];
      return {
        rows: [
          {
            start: 'first',
            seconds: first.seconds,
            'RSS MB': first.rssMegabytes,
            'stop s': first.stopSeconds,
          },
          {
            start: 'second',
            seconds: second.seconds,
            'RSS MB': second.rssMegabytes,
            'stop s': second.stopSeconds,
          },
        ],
        result: {
          firstStartSeconds: first.seconds,
          secondStartSeconds: second.seconds,
          rssMegabytes: second.rssMegabytes,
          stopSeconds: second.stopSeconds,
        },
        ok: shortfalls.length === 0,
        shortfalls,
      };
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

/** Starts the server as a user does, waits until it is ready, looks at its memory, and stops it with Ctrl-C's signal. */
async function measureStart(dataDir: string) {
  const begin = performance.now();
  const server = spawn(process.execPath, [join(import.meta.dirname, '../bin/slipway.js'), 'serve'], {
    env: { ...process.env, PORT: '0', SLIPWAY_DATA: dataDir, SLIPWAY_PORT_CONFLICT: 'fail' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  server.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  server.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  try {
    const ready = await untilReady(() => output, server);
    const seconds = round((ready - begin) / 1000);
    const rssMegabytes = treeRssMegabytes(server.pid ?? 0, dataDir);
    const stopBegin = performance.now();
    await stopProcess(server.pid ?? 0, [
      ['SIGINT', 15_000],
      ['SIGKILL', 2_000],
    ]);
    return { seconds, rssMegabytes, stopSeconds: round((performance.now() - stopBegin) / 1000) };
  } finally {
    server.kill('SIGKILL');
    await endLeftovers(dataDir);
  }
}

async function untilReady(output: () => string, server: { exitCode: number | null }): Promise<number> {
  const end = performance.now() + waitSecondsMax * 1000;
  while (performance.now() < end) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}:\n${output()}`);
    const address = /Listening on (http:\/\/\S+)/.exec(output())?.[1];
    if (address && (await isReady(address))) return performance.now();
    await wait(10);
  }
  throw new Error(`the server was not ready after ${waitSecondsMax} s:\n${output()}`);
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/**
 * Sums the resident memory of the server, its children, and the servers that work on its data in sessions of their
 * own. Pages that PostgreSQL's processes share count once for each: the proportional figure where the kernel has it.
 */
function treeRssMegabytes(root: number, dataDir: string): number {
  const parents = new Map<number, number>();
  for (const pid of pids())
    parents.set(pid, Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]));
  const heads = new Set([root, ...pidsOn(dataDir)]);
  let kilobytes = 0;
  for (const pid of parents.keys()) {
    let at: number | undefined = pid;
    while (at !== undefined && at > 1 && !heads.has(at)) at = parents.get(at);
    if (at === undefined || !heads.has(at)) continue;
    const proportional = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
    kilobytes += Number(proportional ?? /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

async function endLeftovers(dataDir: string): Promise<void> {
  for (const pid of pidsOn(dataDir)) {
    await stopProcess(pid, [
      ['SIGINT', 3_000],
      ['SIGKILL', 1_000],
    ]);
  }
}

/** Processes whose command line names the data directory: PostgreSQL and the local chain. */
function pidsOn(dataDir: string): number[] {
  return pids().filter((pid) => pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(dataDir));
}

function pids(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
