import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { findEmbeddedPostgres } from '../../../src/store/embedded-postgres.ts';
import {
  descendants,
  endEmbeddedParts,
  findEmbeddedParts,
  nameProcess,
  type RunningServer,
  spawnServer,
  startServer,
  untilGone,
} from '../../support/server.ts';
import { readHeight } from './chain-ledger.ts';
import type { Kill } from './schedule.ts';

/** The platform as a proof sees it: something to start, to ask, and to kill. */
export interface Victim {
  /** The server that is up, or null while there is none. */
  server(): RunningServer | null;
  /** Where the embedded chain answers. */
  chainUrl(): string;
  /** Starts the server and waits for its address; nothing else is done to get it up. */
  start(): Promise<void>;
  /** Kills a server on its way up. @param ms how long it may live */
  startAndKill(ms: number): Promise<void>;
  /** Kills the server process alone. @returns when, in milliseconds of the clock */
  killServer(): Promise<number>;
  /** Kills one of the parts that outlive a server. */
  killPart(part: 'anvil' | 'postgres'): void;
  /** Waits for the moment to kill. */
  untilMoment(kill: Kill): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
  /** What went wrong around starts and kills, in words. */
  readonly complaints: string[];
  readonly failedStarts: number;
}

/** A moment that does not come, because nothing was to be done, is not waited for. */
const momentMsMax = 4_000;

/** @param options.root directory of this proof alone; everything that the platform writes lies below it */
export function createVictim(options: { root: string; note(message: string): void }): Victim {
  const { root, note } = options;
  const dataDir = join(root, 'data');
  const env = { SLIPWAY_LEASE_SECONDS: '3', SLIPWAY_LOG_LEVEL: 'warn', TMPDIR: root };
  let running: RunningServer | null = null;
  let failedStarts = 0;
  const complaints: string[] = [];
  const signed = signedCounter(dataDir);

  async function start(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        running = await startServer({ dataDir, env });
        break;
      } catch (error) {
        failedStarts += 1;
        complaints.push(`a start failed: ${String(error)}`);
        note(String(error));
        if (attempt === 3) throw error;
      }
    }
    const { postgres, anvil } = findEmbeddedParts(dataDir);
    if (postgres.length > 1 || anvil.length > 1) {
      complaints.push(`${postgres.length} PostgreSQL and ${anvil.length} Anvil servers run on one directory`);
    }
  }

  async function killServer(): Promise<number> {
    const server = running;
    if (!server) throw new Error('there is no server to kill');
    running = null;
    const own = descendants(server.pid);
    const at = Date.now();
    const { signal, code } = await server.kill('SIGKILL');
    if (signal !== 'SIGKILL') complaints.push(`a server ended by itself with ${code}: ${server.output()}`);
    // A compiler that unpacks its program notices the end of its parent only afterwards: seconds, on a busy machine.
    // The chain and the database outlive a server by design, one that it had started a moment before its end too.
    const end = performance.now() + 15_000;
    let left = own;
    while (left.length > 0 && performance.now() < end) {
      const { postgres, anvil } = findEmbeddedParts(dataDir);
      const parts = [...postgres, ...anvil];
      const meant = [...parts, ...parts.flatMap(descendants)];
      left = await untilGone(
        own.filter((pid) => !meant.includes(pid)),
        200,
      );
    }
    if (left.length > 0) complaints.push(`outlived their server: ${left.map(nameProcess).join('; ')}`);
    return at;
  }

  async function startAndKill(ms: number): Promise<void> {
    const half = spawnServer({ dataDir, env });
    await Promise.race([wait(ms), half.ended]);
    const { code } = await half.kill('SIGKILL');
    if (code === null) return;
    failedStarts += 1;
    complaints.push(`a start ended by itself with ${code}: ${half.output()}`);
  }

  function chainUrl(): string {
    const { port } = JSON.parse(readFileSync(join(dataDir, 'chain.json'), 'utf8')) as { port: number };
    return `http://127.0.0.1:${port}`;
  }

  return {
    complaints,
    get failedStarts() {
      return failedStarts;
    },
    server: () => running,
    chainUrl,
    start,
    startAndKill,
    killServer,
    killPart(part) {
      for (const pid of findEmbeddedParts(dataDir)[part]) process.kill(pid, 'SIGKILL');
    },
    async untilMoment({ trigger, delayMs }) {
      const end = performance.now() + momentMsMax;
      if (trigger === 'signed') await untilMore(signed.count, end);
      if (trigger === 'mined') await untilMore(() => readHeight(chainUrl()), end);
      await wait(delayMs);
    },
    async stop() {
      await signed.close();
      await running?.stop();
      running = null;
      await endEmbeddedParts(dataDir);
    },
  };
}

/** Looks every millisecond or so until the count has grown. */
async function untilMore(count: () => Promise<number | null>, end: number): Promise<void> {
  const before = await count();
  while (performance.now() < end) {
    const now = await count();
    if (now !== null && now > (before ?? 0)) return;
    await wait(1);
  }
}

/** Looks into the database for the right moment only; what counts in the end is read from the chain. */
function signedCounter(dataDir: string) {
  let open: { url: string; client: pg.Client } | null = null;

  async function connected(): Promise<pg.Client | null> {
    const url = findEmbeddedPostgres({ dataDir })?.url;
    if (!url) return null;
    if (open?.url === url) return open.client;
    await close();
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => {
      open = null;
    });
    await client.connect();
    open = { url, client };
    return client;
  }

  async function close(): Promise<void> {
    await open?.client.end().catch(() => {});
    open = null;
  }

  return {
    close,
    /** @returns null while the database is away */
    async count(): Promise<number | null> {
      try {
        const client = await connected();
        const result = await client?.query<{ count: string }>('select count(*) from transactions');
        return result ? Number(result.rows[0]?.count) : null;
      } catch {
        open = null;
        return null;
      }
    },
  };
}
