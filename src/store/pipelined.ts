import {
  type CompiledQuery,
  type DatabaseConnection,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import type { Schema } from './schema.ts';

/** A statement as the query builder compiles it: a builder's query, or one that was compiled before. */
export interface Statement {
  compile(): { sql: string; parameters: readonly unknown[] };
}

/** Runs one text with its values on a connection. */
export type RunQuery = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/** A connection that pipelines: statements leave without waiting for the answers before them. */
export interface PipelinedConnection {
  run: RunQuery;
  /** @param error given when it must not be used again */
  release(error?: Error): void;
}

/** A statement that is to run, and who waits for its answer. */
export interface Order {
  text: string;
  values: readonly unknown[];
  answer: PromiseWithResolvers<pg.QueryResult>;
}

/** One transaction. */
export interface Pipeline {
  sql: Kysely<Schema>;
  /** Runs the statement after those before it. `commit` waits for its answer, and nobody else has to. */
  send<Row>(statement: Statement, translate?: (error: unknown) => unknown): Promise<Row[]>;
  /** Waits for everything that was sent. @throws the first error of a statement; the transaction is then undone */
  commit(): Promise<void>;
  /** Undoes the transaction. @returns the error of a statement that was only sent, where that is the first one */
  rollback(thrown: unknown): Promise<unknown>;
}

/** SQLSTATE of statements behind one that failed. */
const inFailedTransaction = '25P02';

/**
 * Makes transactions. Each statement has its own end (Sync), so an error stays where it belongs; the server refuses what
 * follows it, COMMIT included, which then undoes.
 *
 * Statements that are only sent wait until an answer is needed or the work is done. Work that needs none is handed over
 * as a whole: it holds no connection while it runs, and several such transactions share one write (`runTogether`).
 *
 * @param options.runTogether runs the orders as one transaction; rejects with the first error, and has then undone it
 */
export function createPipelines(options: {
  connect: () => Promise<PipelinedConnection>;
  runTogether: (orders: readonly Order[], background: boolean) => Promise<void>;
}): (background: boolean) => Pipeline {
  return (background) => {
    const orders: Order[] = [];
    const sent: Promise<unknown>[] = [];
    let opening: Promise<PipelinedConnection> | null = null;
    let connection: PipelinedConnection | null = null;
    let builder: Kysely<Schema> | undefined;
    let over = false;

    function order(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
      if (over) throw new Error('the transaction is over');
      checkValues(values);
      if (connection) return connection.run(text, values);
      const answer = Promise.withResolvers<pg.QueryResult>();
      orders.push({ text, values, answer });
      return answer.promise;
    }

    function open(): Promise<PipelinedConnection> {
      opening ??= options.connect().then(
        (found) => {
          connection = found;
          post(found.run('begin', []));
          for (const one of orders.splice(0))
            found.run(one.text, one.values).then(one.answer.resolve, one.answer.reject);
          return found;
        },
        (error: unknown) => {
          for (const one of orders.splice(0)) one.answer.reject(error);
          throw error;
        },
      );
      return opening;
    }

    /** Its error is told by whoever waits for all of them. */
    function post(answer: Promise<unknown>): void {
      answer.catch(() => {});
      sent.push(answer);
    }

    function giveBack(error?: unknown): void {
      over = true;
      connection?.release(error instanceof Error ? error : undefined);
    }

    function runAndWait(text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
      const answer = order(text, values);
      if (!connection) open().catch(() => {});
      return answer;
    }

    return {
      // One of its own, so that whoever comes late meets a transaction that is over and not somebody else's.
      get sql() {
        builder ??= makeBuilder(runAndWait);
        return builder;
      },
      send<Row>(statement: Statement, translate?: (error: unknown) => unknown) {
        const { sql: text, parameters } = statement.compile();
        const answer = order(text, parameters).then(
          ({ rows }) => rows as Row[],
          (error: unknown) => {
            throw translate ? translate(error) : error;
          },
        );
        post(answer);
        // Whoever waits for something else meanwhile, or for this very answer, must not wait for ever.
        if (!opening && sent.length === 1) {
          queueMicrotask(() => process.nextTick(() => !over && orders.length > 0 && open().catch(() => {})));
        }
        return answer;
      },
      async commit() {
        if (!opening) {
          const all = orders.splice(0);
          giveBack();
          // Every statement may be answered and the end fail all the same: the commit, or the way to the disk.
          const [end] = await Promise.allSettled(
            all.length > 0 ? [options.runTogether(all, background)] : [],
          );
          const failure = firstFailure(await Promise.allSettled(sent)) ?? firstFailure(end ? [end] : []);
          if (failure) throw failure.reason;
          return;
        }
        let end: Promise<pg.QueryResult> | undefined;
        try {
          end = (await opening).run('commit', []);
          end.catch(() => {});
          const failure = firstFailure(await Promise.allSettled(sent));
          // The failure comes first: an end that failed too, as the connection broke, says less.
          if (failure) await end.catch(() => {});
          if (failure) throw failure.reason;
          const { command } = await end;
          if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
        } finally {
          giveBack(await end?.then(noError, asError));
        }
      },
      async rollback(thrown) {
        if (!opening) {
          // What was only ordered never leaves.
          giveBack();
          return thrown;
        }
        const end = (await opening.catch(() => null))?.run('rollback', []);
        end?.catch(() => {});
        const failure = firstFailure(await Promise.allSettled(sent));
        // On a connection that is gone there is nothing left to undo.
        giveBack(await end?.then(noError, asError));
        return failure && isFollowUp(thrown) ? failure.reason : thrown;
      },
    };
  };
}

/** Runs orders as one transaction on a connection, behind whatever runs there. @throws the first error of an order */
export async function runAsTransaction(run: RunQuery, orders: readonly Order[]): Promise<void> {
  const [only] = orders;
  // One statement is a transaction by itself: a third of the messages.
  const bare = orders.length === 1;
  const begun = bare ? undefined : run('begin', []);
  const answers =
    bare && only ? [run(only.text, only.values)] : orders.map((one) => run(one.text, one.values));
  const end = bare ? undefined : run('commit', []);
  for (const [at, answer] of answers.entries())
    answer.then(orders[at]?.answer.resolve, orders[at]?.answer.reject);
  const failure = firstFailure(await Promise.allSettled([begun, ...answers, end]));
  if (failure) throw failure.reason;
  const command = (await end)?.command ?? 'COMMIT';
  if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
}

/**
 * A value that `pg` cannot write down would fail in this process, with the statements around it on their way.
 * @throws TypeError
 */
function checkValues(values: readonly unknown[]): void {
  for (const value of values) {
    if (typeof value !== 'object' || value === null || value instanceof Date || Buffer.isBuffer(value))
      continue;
    if (!Array.isArray(value))
      throw new TypeError('a plain object is no value for SQL: write it as JSON text');
    checkValues(value);
  }
}

/** A query builder that lets several statements be under way. */
function makeBuilder(run: RunQuery): Kysely<Schema> {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const { rows, rowCount, command } = await run(query.sql, query.parameters);
      const changes = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(command);
      return { rows: rows as Row[], ...(changes ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) };
    },
    streamQuery: refuse,
  };
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createDriver: () => ({
        init: async () => {},
        acquireConnection: async () => connection,
        releaseConnection: async () => {},
        beginTransaction: refuse,
        commitTransaction: refuse,
        rollbackTransaction: refuse,
        destroy: async () => {},
      }),
    },
  });
}

function refuse(): never {
  throw new Error('a transaction has one connection, and neither streams nor transactions inside it');
}

function firstFailure(answers: PromiseSettledResult<unknown>[]): PromiseRejectedResult | undefined {
  return answers.find((answer) => answer.status === 'rejected');
}

function isFollowUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === inFailedTransaction;
}

const noError = () => undefined;
const asError = (error: unknown) => error;
