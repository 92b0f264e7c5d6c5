import type pg from 'pg';

/** The comment that a statement begins with when the server shall keep its plan. */
const mark = /^\s*\/\* prepared: ([a-z-]+) \*\//;

/**
 * Lets a connection prepare the statements that begin with a comment `prepared: <name>`. Planning the four joins that
 * every request needs takes PostgreSQL 0.3 ms, running them 0.04 ms.
 *
 * Not for all statements: one that selects `*` fails for ever on a connection that prepared it before a migration.
 */
export function prepareMarked(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...parts: unknown[]) => unknown;
    const naming = (text: unknown, values: unknown, ...rest: unknown[]) => {
      const name = typeof text === 'string' ? mark.exec(text)?.[1] : undefined;
      return name ? query({ name, text, values }, ...rest) : query(text, values, ...rest);
    };
    client.query = naming as typeof client.query;
  });
}
