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

/** One connection with a transaction on it. */
export interface Pipeline {
  sql: Kysely<Schema>;
  /** Runs the statement after those before it. `commit` waits for its answer, and nobody else has to. */
  send<Row>(statement: Statement, translate?: (error: unknown) => unknown): Promise<Row[]>;
  /** Waits for everything that was sent. @throws the first error of a statement; the transaction is then undone */
  commit(): Promise<void>;
  /** Undoes the transaction. @returns the error of a statement that was only sent, where that is the first one */
  rollback(thrown: unknown): Promise<unknown>;
}

/** Runs one text with its values on the connection. */
export type RunQuery = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

/** A connection for one transaction at a time. */
export interface PipelinedConnection {
  run: RunQuery;
  /** Works by `run`. */
  sql: Kysely<Schema>;
  /** Called before each statement, by `run`, while it is set. */
  before: (() => void) | null;
}

/** SQLSTATE of statements behind one that failed. */
const inFailedTransaction = '25P02';

/**
 * A transaction on a connection that pipelines: statements leave without waiting for the answers before them, and those
 * of one turn of the event loop in one write. Each has its own end (Sync), so an error stays where it belongs; the
 * server refuses what follows it, COMMIT included, which then undoes.
 *
 * The first statement that is only sent is held back until there is another one. Where none comes it is a transaction by
 * itself, without BEGIN and COMMIT around it: a third of the messages.
 */
export function openPipeline(connection: PipelinedConnection): Pipeline {
  const { run, sql } = connection;
  const sent: Promise<unknown>[] = [];
  let held: (() => void) | null = null;
  let begun = false;

  const post = (answer: Promise<unknown>) => {
    // Its error is told by whoever waits for all of them.
    answer.catch(() => {});
    sent.push(answer);
  };
  const release = () => {
    held?.();
    held = null;
  };
  const begin = () => {
    connection.before = null;
    begun = true;
    post(run('begin', []));
    release();
  };
  connection.before = begin;

  return {
    sql,
    send<Row>(statement: Statement, translate?: (error: unknown) => unknown) {
      const { sql: text, parameters } = statement.compile();
      const answer = Promise.withResolvers<Row[]>();
      const go = () =>
        run(text, parameters).then(
          ({ rows }) => answer.resolve(rows as Row[]),
          (error: unknown) => answer.reject(translate ? translate(error) : error),
        );
      post(answer.promise);
      if (begun) go();
      else if (held) {
        begin();
        go();
      } else held = go;
      return answer.promise;
    },
    async commit() {
      connection.before = null;
      release();
      const end = begun ? run('commit', []) : null;
      end?.catch(() => {});
      const failure = firstFailure(await Promise.allSettled(sent));
      // The failure comes first: an end that failed too, as the connection broke, says less.
      if (failure) await end?.catch(() => {});
      if (failure) throw failure.reason;
      const command = end ? (await end).command : 'COMMIT';
      if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
    },
    async rollback(thrown) {
      connection.before = null;
      if (!begun) return thrown;
      // On a connection that is gone there is nothing left to undo.
      const end = run('rollback', []).catch(() => {});
      const failure = firstFailure(await Promise.allSettled(sent));
      await end;
      return failure && isFollowUp(thrown) ? failure.reason : thrown;
    },
  };
}

/** A query builder that works on one connection and lets several statements be under way. */
export function onConnection(run: RunQuery): Kysely<Schema> {
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
