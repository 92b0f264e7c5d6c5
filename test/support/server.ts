import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { commandLine, isAlive, stopProcess, waitForExit } from '../../src/ops/processes.ts';

const program = join(import.meta.dirname, '../../bin/slipway.js');
const startSecondsMax = 60;

/** A server in a process of its own, started as a user starts it: `slipway serve`. */
export interface RunningServer {
  url: string;
  /** Of the local owner, out of the data directory. Empty where there is none (`DATABASE_URL`). */
  apiKey: string;
  /** The server process itself; what it brought along is not counted. */
  pid: number;
  dataDir: string;
  /** Everything it wrote so far. */
  output(): string;
  /** Sends the signal to the server process alone and waits until it is gone. @returns how it ended */
  kill(signal: NodeJS.Signals): Promise<Ended>;
  /** Ends it as Ctrl-C does, and whatever it left behind when it was killed before. May be called twice. */
  stop(): Promise<void>;
  /** Sends JSON with the local owner's key and reads JSON; rejects when the server is away. */
  send(route: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Received>;
}

export interface Received {
  status: number;
  /** The reply's JSON as far as tests look into it: a field that a reply lacks is undefined, and the test fails. */
  body: ReceivedBody;
  text: string;
}

export interface ReceivedBody {
  id: string;
  state: string;
  seq: number;
  nonce: number | null;
  createdAt: string;
  completedAt: string | null;
  error: { code: string; message: string } | null;
  result: {
    deployment: {
      id: string;
      status: string;
      address: string | null;
      nonce: number | null;
      transactionHash: string | null;
    } | null;
  };
  items: { id: string; kind: string; state: string; pipelineId: string | null }[];
  nextCursor: string | null;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** From the signal to the end. */
  seconds: number;
}

/** A server process that may not have come up yet, or never does. */
export interface ServerProcess {
  pid: number;
  output(): string;
  kill(signal: NodeJS.Signals): Promise<Ended>;
  /** @returns how it ended; waits until it has */
  ended: Promise<Omit<Ended, 'seconds'>>;
  /** Waits for its address. @throws Error with its output when it ends first */
  ready(): Promise<RunningServer>;
}

/** @returns a new directory for a server's data that the embedded PostgreSQL's user can enter; the caller removes it */
export function makeDataDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-data-'));
  chmodSync(dir, 0o755);
  return dir;
}

/**
 * Starts a server on `dataDir` and waits for its address.
 *
 * @param options.env further settings; PORT is 0 unless given
 * @throws Error with the server's output when it ends instead
 */
export function startServer(options: {
  dataDir: string;
  env?: Record<string, string>;
}): Promise<RunningServer> {
  return spawnServer(options).ready();
}

/** Starts a server and does not wait: for starts that are killed half-way or have to fail. */
export function spawnServer(options: {
  dataDir: string;
  env?: Record<string, string>;
  words?: string[];
}): ServerProcess {
  const { dataDir } = options;
  const child = spawn(process.execPath, [program, ...(options.words ?? ['serve'])], {
    env: { ...inherited(), PORT: '0', SLIPWAY_DATA: dataDir, SLIPWAY_SOLC_LIST: 'off', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server could not be started');
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  // A test process that ends in the middle takes the server along.
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  const ended = new Promise<Omit<Ended, 'seconds'>>((resolve) => {
    // `close` would wait for everybody who holds the pipe, processes that outlive the server included.
    child.once('exit', (code, signal) => {
      process.off('exit', killNow);
      resolve({ code, signal });
    });
  });
  const server: ServerProcess = {
    pid,
    output: () => output,
    ended,
    async kill(signal) {
      const begin = performance.now();
      child.kill(signal);
      const end = await ended;
      return { ...end, seconds: (performance.now() - begin) / 1000 };
    },
    async ready() {
      const url = await address(child, () => output);
      const keyFile = join(dataDir, 'api-key');
      const apiKey = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : '';
      return {
        ...{ url, apiKey, pid, dataDir },
        output: server.output,
        kill: server.kill,
        send: sender(url, apiKey),
        async stop() {
          child.kill('SIGINT');
          if (!(await waitForExit(pid, 10_000))) await server.kill('SIGKILL');
          await endEmbeddedParts(dataDir);
        },
      };
    },
  };
  return server;
}

/** Process ids of the PostgreSQL and Anvil servers that work on a data directory; empty when there are none. */
export function findEmbeddedParts(dataDir: string): { postgres: number[]; anvil: number[] } {
  const places = [dataDir, databasePlace(dataDir)].filter((place) => place !== null);
  const parts = { postgres: [] as number[], anvil: [] as number[] };
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    if (!words.some((word) => places.some((place) => word === place || word.startsWith(`${place}/`))))
      continue;
    if (words[0]?.endsWith('/anvil')) parts.anvil.push(pid);
    if (words[0]?.endsWith('/postgres') && words.includes('-D')) parts.postgres.push(pid);
  }
  // A session that was forked a moment ago has its parent's command line still.
  const sessions = parts.postgres.filter((pid) => parts.postgres.includes(parentOf(pid)));
  return { ...parts, postgres: parts.postgres.filter((pid) => !sessions.includes(pid)) };
}

/** Ends what a killed server left running on its data. */
export async function endEmbeddedParts(dataDir: string): Promise<void> {
  const { postgres, anvil } = findEmbeddedParts(dataDir);
  const steps = [
    ['SIGINT', 3_000],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 1_000],
  ] as const;
  await Promise.all([...postgres, ...anvil].map((pid) => stopProcess(pid, steps)));
}

/** @returns processes below `pid`, its children's children included */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const each of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const parent = parentOf(each);
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const found: number[] = [];
  for (let next = children.get(pid) ?? []; next.length > 0; ) {
    found.push(...next);
    next = next.flatMap((each) => children.get(each) ?? []);
  }
  return found;
}

/** Waits until none of the processes is left. @returns those that are still there after `ms` */
export async function untilGone(pids: readonly number[], ms: number): Promise<number[]> {
  const end = performance.now() + ms;
  while (pids.some(isAlive) && performance.now() < end) await wait(20);
  return pids.filter(isAlive);
}

/** @returns a process's id and what it runs, for a complaint */
export function nameProcess(pid: number): string {
  return `${pid} (${commandLine(pid)?.slice(0, 4).join(' ') ?? 'gone meanwhile'})`;
}

/** Our own environment without settings of the platform: a developer's DATABASE_URL is no place for a test. */
function inherited(): Record<string, string | undefined> {
  const ours = ['PORT', 'HOST', 'DATABASE_URL', 'REDIS_URL'];
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ours.includes(name) && !name.startsWith('SLIPWAY_')),
  );
}

async function address(child: ChildProcess, output: () => string): Promise<string> {
  const end = performance.now() + startSecondsMax * 1000;
  while (performance.now() < end) {
    const url = /Listening on (http:\/\/\S+)/.exec(output())?.[1];
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode}:\n${output()}`);
    }
    await wait(10);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not listen after ${startSecondsMax} s:\n${output()}`);
}

function sender(url: string, apiKey: string): RunningServer['send'] {
  return async (route, { body, headers = {} } = {}) => {
    const [method = '', path = ''] = route.split(' ');
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json');
    const parsed = (json ? JSON.parse(text) : null) as ReceivedBody;
    return { status: response.status, body: parsed, text };
  };
}

/** Where the database is: in the data directory, or elsewhere when its user could not reach that. */
function databasePlace(dataDir: string): string | null {
  try {
    const { directory } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as {
      directory: string;
    };
    return resolve(realpathSync(dataDir), directory);
  } catch {
    return null;
  }
}

function parentOf(pid: number): number {
  return Number(read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
