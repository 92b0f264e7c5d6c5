import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { spawnDaemon } from '../ops/daemon.ts';
import { commandLine, isSameProcess, startTicks, stopProcess } from '../ops/processes.ts';
import { fail } from './embedded-chain-errors.ts';
import { type ChainFiles, stateIntervalSeconds } from './embedded-chain-state.ts';

/** The chain id that every development tool knows as the local one. */
export const localChainId = 31_337;
const startSecondsMax = 60;

const recordSchema = z.object({
  port: z.number(),
  pid: z.number(),
  startTicks: z.string().nullable(),
  /** Time of the genesis block, in seconds since 1970. With the same time it has the same hash. */
  genesisSeconds: z.number().optional(),
});

/** What `chain.json` keeps: enough to find the chain again. */
export type ChainRecord = z.output<typeof recordSchema>;

/**
 * @param searchPath directories to look in after npm's own, separated as PATH is
 * @returns the file of the Anvil program
 * @throws AppError `embedded-chain-missing`
 */
export function findAnvil(searchPath: string): string {
  const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
  const name = `@foundry-rs/anvil-${platform}-${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
  const candidates = searchPath.split(delimiter).map((directory) => join(directory, 'anvil'));
  try {
    candidates.unshift(
      join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin/anvil'),
    );
  } catch {
    // Not installed: one on the PATH will do.
  }
  const found = candidates.find(isExecutable);
  if (!found) throw fail('embedded-chain-missing', { platform: `${process.platform} ${process.arch}` });
  return found;
}

/**
 * Starts Anvil and waits until it answers. Every start is given the genesis block's time, for two reasons. Anvil makes
 * a genesis block at each start and keeps those it finds in its state: with different times there are several, and
 * which one it shows is chance. And a chain that lost its state is then the same chain gone back to its start, so that
 * what was deployed on it is sent again.
 */
export async function launchOnce(options: {
  files: ChainFiles;
  anvil: string;
  port: number;
}): Promise<{ pid: number } | { reason: string; detail: string }> {
  const { files, port } = options;
  const genesisSeconds = readRecord(files)?.genesisSeconds ?? Math.floor(Date.now() / 1000);
  const words = [
    ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(localChainId), '--quiet'],
    // No accounts whose keys the whole world knows; the platform funds signers of its own.
    ...['--accounts', '0', '--gas-limit', '60000000'],
    ...['--state', files.state, '--state-interval', String(stateIntervalSeconds(files))],
    // Old states would be written by the hundred to a directory that nobody clears.
    ...['--max-persisted-states', '0'],
    ...['--timestamp', String(genesisSeconds)],
  ];
  const anvil = spawnDaemon({
    program: options.anvil,
    words,
    cwd: dirname(files.state),
    env: { PATH: '/usr/bin:/bin', HOME: dirname(files.state) },
    log: files.log,
  });
  const { pid } = anvil;
  if (pid !== undefined) saveRecord(files, { port, pid, startTicks: startTicks(pid), genesisSeconds });
  const end = performance.now() + startSecondsMax * 1000;
  while (performance.now() < end) {
    const answers = await isLocalChain(`http://127.0.0.1:${port}`);
    const reason = anvil.ended();
    if (reason) return { reason, detail: anvil.lastWords() };
    if (answers && pid !== undefined) {
      // Anvil's clock begins at the genesis block; ours is further by now.
      await call(`http://127.0.0.1:${port}`, 'evm_setTime', [Math.floor(Date.now() / 1000)]);
      return { pid };
    }
    await wait(10);
  }
  if (pid !== undefined) await stopProcess(pid, [['SIGKILL', 1_000]]);
  return { reason: `no answer after ${startSecondsMax} s`, detail: anvil.lastWords() };
}

/**
 * Looks for a chain that an earlier process left. One that answers is taken over; one that does not is stopped.
 *
 * @returns null when a new one must be started
 */
export async function adopt(files: ChainFiles): Promise<{ pid: number; port: number } | null> {
  const record = readRecord(files);
  if (!record || !isSameProcess(record.pid, record.startTicks)) return null;
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await isLocalChain(`http://127.0.0.1:${record.port}`)) return record;
    if (!isSameProcess(record.pid, record.startTicks)) return null;
    await wait(100);
  }
  // Without a known start the number may be anybody's by now.
  if (record.startTicks !== null) {
    await stopProcess(record.pid, [
      ['SIGTERM', 3_000],
      ['SIGKILL', 1_000],
    ]);
  }
  return null;
}

/**
 * Ends chains that work on our state though no record names them: their start was killed before it could write one.
 * Two chains on one file would overwrite each other's blocks.
 */
export async function stopUnrecorded(files: ChainFiles): Promise<void> {
  if (!existsSync('/proc')) return;
  for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
    const words = commandLine(pid) ?? [];
    if (pid === process.pid || words[words.indexOf('--state') + 1] !== files.state) continue;
    await stopProcess(pid, [
      ['SIGTERM', 3_000],
      ['SIGKILL', 1_000],
    ]);
  }
}

/** @returns the record of the last start, or null */
export function readRecord(files: ChainFiles): ChainRecord | null {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(files.record, 'utf8')));
  } catch {
    return null;
  }
}

/** @returns the chain's height as the node writes it, or null when it does not answer */
export async function blockNumber(url: string): Promise<string | null> {
  return call(url, 'eth_blockNumber');
}

async function isLocalChain(url: string): Promise<boolean> {
  const id = await call(url, 'eth_chainId');
  return id !== null && Number(id) === localChainId;
}

async function call(url: string, method: string, params: unknown[] = []): Promise<string | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(2_000),
    });
    const { result } = (await response.json()) as { result?: unknown };
    return typeof result === 'string' ? result : null;
  } catch {
    return null;
  }
}

function saveRecord(files: ChainFiles, record: ChainRecord): void {
  const draft = `${files.record}.${process.pid}.tmp`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(draft, files.record);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
