import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, stopProcess, supervise } from '../ops/processes.ts';
import { fail } from './embedded-chain-errors.ts';
import {
  adopt,
  blockNumber,
  findAnvil,
  launchOnce,
  readRecord,
  stopUnrecorded,
} from './embedded-chain-process.ts';
import { type ChainFiles, chainFiles, keepGoodCopy, putAside } from './embedded-chain-state.ts';

const goodCopySeconds = 10;

/** The few words of a logger that the chain needs. */
export interface ChainLog {
  info(facts: Record<string, unknown>, message: string): void;
  warn(facts: Record<string, unknown>, message: string): void;
}

/** A local Ethereum chain (id 31337) of our own. */
export interface EmbeddedChain {
  /** JSON-RPC address. */
  readonly url: string;
  readonly pid: number;
  /** True when it was left running by an earlier process and taken over. */
  readonly adopted: boolean;
  /** Stops the chain after it wrote its state; within 5 s. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Brings up the local chain on the state kept under `dataDir`: Anvil, chain id 31337, on 127.0.0.1, with no
 * accounts of well-known keys. Blocks and receipts outlive a stop. A kill of Anvil itself can lose its last second
 * (more once the state exceeds 16 MB, or when the kill tore the file), which looks like a reorg: the genesis block stays. Takes over a chain that a killed process left,
 * and starts it again if it dies while we live, at the same address.
 *
 * @param options.preferredPort taken on the first start when it is free; later the recorded one is
 * @param options.searchPath the PATH, where Anvil is looked for when npm did not bring it
 * @throws AppError `embedded-chain-missing`, `embedded-chain-start-failed`
 */
export async function startEmbeddedChain(options: {
  dataDir: string;
  preferredPort?: number;
  searchPath?: string;
  log?: ChainLog;
}): Promise<EmbeddedChain> {
  const { log } = options;
  mkdirSync(options.dataDir, { recursive: true });
  const files = chainFiles(options.dataDir);
  const anvil = findAnvil(options.searchPath ?? '');
  const adopted = await adopt(files);
  let port = adopted?.port ?? readRecord(files)?.port ?? options.preferredPort ?? 0;
  let pid = adopted?.pid;
  if (pid === undefined) {
    ({ pid, port } = await launch({ files, anvil, port, ...(log ? { log } : {}) }));
  }
  const url = `http://127.0.0.1:${port}`;
  log?.info({ pid, port, adopted: adopted !== null }, 'local chain is up');

  const stopCopying = copyRegularly(files, url, log);
  const watched = supervise({
    pid,
    restart: async (signal) =>
      (await adopt(files))?.pid ??
      (await launch({ files, anvil, port, keepPort: true, signal, ...(log ? { log } : {}) })).pid,
    onDeath: () => log?.warn({ port }, 'the local chain died; starting it again from its last written state'),
    onFailure: (err) => log?.warn({ err }, 'the local chain did not start again; trying once more'),
  });
  return {
    url,
    get pid() {
      return watched.pid;
    },
    adopted: adopted !== null,
    async stop() {
      await watched.release();
      await stopCopying();
      await stopProcess(watched.pid, [
        ['SIGTERM', 4_000],
        ['SIGKILL', 500],
      ]);
    },
  };
}

async function launch(options: {
  files: ChainFiles;
  anvil: string;
  port: number;
  keepPort?: boolean;
  signal?: AbortSignal;
  log?: ChainLog;
}): Promise<{ pid: number; port: number }> {
  const { files, log } = options;
  await stopUnrecorded(files);
  for (let attempt = 1; ; attempt += 1) {
    const port = options.keepPort ? options.port : await freePort(options.port);
    const result = await launchOnce({ files, anvil: options.anvil, port });
    if ('pid' in result) {
      await keepGoodCopy(files);
      return { pid: result.pid, port };
    }
    if (/--state|state file/.test(result.detail)) {
      const { aside, from } = putAside(files, String(Date.now()));
      log?.warn(
        { aside, detail: result.detail },
        from === 'copy'
          ? 'THE STATE OF THE LOCAL CHAIN IS DAMAGED; going on from the last good copy, at most some seconds older'
          : 'THE STATE OF THE LOCAL CHAIN IS DAMAGED and there is no good copy; beginning with an empty chain',
      );
      continue;
    }
    if (attempt >= 10 || options.signal?.aborted) {
      throw fail('embedded-chain-start-failed', { ...result, log: files.log, state: files.state });
    }
    await wait(100);
  }
}

/** Anvil rewrites its file all the time; the number of blocks tells whether there is something new in it. */
function copyRegularly(files: ChainFiles, url: string, log: ChainLog | undefined): () => Promise<void> {
  let seen: string | null = null;
  let copying: Promise<void> | null = null;
  const copy = () => {
    copying ??= copyIfNew()
      .catch((err: unknown) => log?.warn({ err }, 'the state of the local chain could not be copied'))
      .finally(() => {
        copying = null;
      });
  };
  // At once: a chain that was taken over may have gone on for long without anybody who copied.
  copy();
  const timer = setInterval(copy, goodCopySeconds * 1000);
  timer.unref();

  async function copyIfNew() {
    const number = await blockNumber(url);
    if (number === null || number === seen) return;
    if (await keepGoodCopy(files)) seen = number;
  }
  return async () => {
    clearInterval(timer);
    await copying;
  };
}
