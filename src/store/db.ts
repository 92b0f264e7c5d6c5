import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { AppError } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { createGroups, flightsMax } from './grouped.ts';
import { createPipelines, type Pipeline, type Statement } from './pipelined.ts';
import { preparingPool } from './prepared.ts';
import type { Schema } from './schema.ts';
import { createSignals, type Signals } from './signals.ts';

/** An open transaction, and whom to wake once it is committed. */
export interface Tx {
  sql: Reader;
  /**
   * Runs a statement whose answer nothing else in the transaction depends on: it leaves together with what follows it,
   * and the commit waits for it.
   * @param translate makes of its error what the transaction throws
   * @returns its rows, for whoever wants them after the commit
   */
  send<Row>(statement: Statement, translate?: (error: unknown) => unknown): Promise<Row[]>;
  /** What was inserted here and is as it was then, by id: as its owner sees it, once the answer is there. */
  fresh: Map<string, Promise<unknown>>;
  /** Subjects that got events. */
  changedSubjects: Set<string>;
  /** Kinds of jobs that became due. */
  dueKinds: Set<string>;
  /** Called when the transaction has ended, whichever way. */
  onEnd(listener: () => void): void;
}

/** What reads can run on: the pool, or the transaction that must see its own writes. */
export type Reader = Kysely<Schema>;

export type { Statement };

export interface Store {
  read: Reader;
  /**
   * Runs `work` in one transaction (READ COMMITTED); wakes listeners after the commit, never inside it, because
   * NOTIFY inside a transaction ends group commit. Begin, statements that are only sent, and commit share one trip to
   * the server where nothing waits in between.
   * @param options.background nobody outside waits for it: it does not stand before what somebody waits for
   * @throws AppError `database-unavailable` when the server is away; whatever `work` throws rolls back
   */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, options?: { background?: boolean }): Promise<Result>;
  signals: Signals;
  /** Resolves when the database answers; throws `database-unavailable` else. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const sessionSettings = [
  'role=slipway_app',
  'statement_timeout=30000',
  'idle_in_transaction_session_timeout=60000',
  // What is prepared looks rows up by indexes whatever its values are; planning it anew each time took longer than
  // running it (0.45 ms beside 0.41 ms for the end of a job).
  'plan_cache_mode=force_generic_plan',
];

/** bigint columns hold counters and block numbers, all far below 2^53; amounts in wei are text. */
const parsers: Record<number, (text: string) => unknown> = { [pg.types.builtins.INT8]: Number };

/**
 * Opens the store as the application's role, which can add to the audit log and the journals but not rewrite them.
 *
 * @param options.connectionsMax of the pool, besides the one that listens
 * @param options.onError gets errors of idle connections, so that they are logged and do not end the process
 */
export function openStore(options: {
  url: string;
  connectionsMax?: number;
  onError?: (error: Error) => void;
}): Store {
  const connection = {
    connectionString: options.url,
    options: sessionSettings.map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        parsers[oid] ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  };
  const onError = options.onError ?? (() => {});
  const pool = openPool({ ...connection, max: options.connectionsMax ?? 16 }, onError);
  const deferring = openPool(
    { ...connection, options: `${connection.options} -c synchronous_commit=off`, max: flightsMax },
    onError,
  );
  const prepared = preparingPool(pool);
  const { connect } = prepared;
  const openPipeline = createPipelines({
    connect,
    runTogether: createGroups({
      connect,
      connectDeferring: preparingPool(deferring).connect,
      isBroken: isConnectionFault,
    }),
  });
  const read = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: prepared.pool }) });
  const signals = createSignals({
    connection,
    onError,
    notify: (channel, payload) => pool.query('select pg_notify($1, $2)', [channel, payload]),
  });

  return {
    read,
    signals,
    async transaction(work, { background = false } = {}) {
      const wake = {
        changedSubjects: new Set<string>(),
        dueKinds: new Set<string>(),
        fresh: new Map<string, Promise<unknown>>(),
      };
      const listeners: (() => void)[] = [];
      const onEnd = (listener: () => void) => void listeners.push(listener);
      const result = await translated(() =>
        inTransaction(openPipeline(background), (pipeline) =>
          work({
            // Not every transaction builds statements.
            get sql() {
              return pipeline.sql;
            },
            send: pipeline.send,
            ...wake,
            onEnd,
          }),
        ),
      ).finally(() => {
        for (const listener of listeners) listener();
      });
      signals.emit({ subjects: [...wake.changedSubjects], kinds: [...wake.dueKinds] });
      return result;
    },
    async ping() {
      await translated(() => sql`select 1`.execute(read));
    },
    async close() {
      await signals.close();
      await Promise.all([read.destroy(), deferring.end()]);
    },
  };
}

function openPool(config: pg.PoolConfig, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ ...config, pipeline: true });
  pool.on('error', onError);
  // The pool listens to idle connections only. One that breaks between two statements of a transaction has nobody
  // else, and an error that nobody hears ends the process; its next statement fails and tells whoever works with it.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Keeps the view of a row that a statement inserts, for whoever shows it without asking again. */
export function keepFresh<Row, View>(
  tx: Tx,
  id: string,
  rows: Promise<Row[]>,
  toView: (row: Row) => View,
): void {
  const view = rows.then(([row]) => toView(row as Row));
  // Its error is the transaction's.
  view.catch(() => {});
  tx.fresh.set(id, view);
}

/** A statement with its values, for the few that run so often that putting their text together would show. */
export function bound(text: string, parameters: readonly unknown[]): Statement {
  return { compile: () => ({ sql: text, parameters }) };
}

/** Works and commits; undoes when the work or a statement fails. */
async function inTransaction<Result>(
  pipeline: Pipeline,
  work: (pipeline: Pipeline) => Promise<Result>,
): Promise<Result> {
  let result: Result;
  try {
    result = await work(pipeline);
  } catch (thrown) {
    throw await pipeline.rollback(thrown);
  }
  await pipeline.commit();
  return result;
}

/**
 * JSON text for a jsonb column: `pg` would turn a plain array into a PostgreSQL array. NUL and half surrogate pairs,
 * which jsonb does not take, become U+FFFD: callers may not send them, but a contract's revert reason may hold anything,
 * and a fact about money that cannot be written down would be lost.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  // Every escape is matched whole, so that a backslash that is itself escaped does not begin one.
  return text.includes('\\u')
    ? text.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|.)/g, (found) =>
        /^\\u(0000|d[89a-f])/.test(found) ? '\\ufffd' : found,
      )
    : text;
}

/** Runs a database call; connection faults become the one error that callers and the API know. */
export async function translated<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError) && isConnectionFault(error)) {
      throw fail('database-unavailable', {}, { cause: error, retryAfterSeconds: 2 });
    }
    throw error;
  }
}

/**
 * Socket errors of Node, SQLSTATE classes 08, 53 (no connections, memory or disk left) and 57P, a server that only reads
 * (25006), and the texts that `pg` has no code for.
 */
export function isConnectionFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // The server's socket is a file, which is gone while the server is.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true;
  if (/^(ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|08|53|57P0|25006)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}
