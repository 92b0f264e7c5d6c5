import { sql } from 'kysely';
import { limits } from '../lib/limits.ts';
import type { Store, Tx } from './db.ts';
import { pruneUnreferenced, unreferencedCompilations, unreferencedContents } from './prune-unreferenced.ts';

/** Any number that nobody else in the database uses; see `migrate.ts`. */
const lockKey = 4_280_002;

/**
 * What goes by its age, or when nothing refers to it any more. In this order: the key of a job that had ended when it was
 * accepted goes before the job, the deliveries of a deleted webhook go before the webhook, and a compilation goes before
 * what it is stored in.
 */
export const prunedKinds = [
  'idempotencyKeys',
  'liveTickets',
  'sessions',
  'jobs',
  'webhookDeliveries',
  'webhooks',
  'compilations',
  'contents',
] as const;
export type PrunedKind = (typeof prunedKinds)[number];

/**
 * Removes one batch of rows that are old, in a transaction of its own. One process at a time does this.
 * @param options.retentionDays how long jobs are kept after their end
 * @param options.limit rows in the batch
 * @returns how many went; null when another process is at it
 */
export async function pruneBatch(
  store: Store,
  kind: PrunedKind,
  options: { retentionDays: number; limit: number },
): Promise<number | null> {
  return store.transaction(async (tx) => {
    const lock = await sql<{ had: boolean }>`select pg_try_advisory_xact_lock(${lockKey}) as had`.execute(
      tx.sql,
    );
    return lock.rows[0]?.had ? removers[kind](tx, options) : null;
  });
}

type Remover = (tx: Tx, options: { retentionDays: number; limit: number }) => Promise<number>;

const removers: Record<PrunedKind, Remover> = {
  async idempotencyKeys(tx, { limit }) {
    // A key that lives as long as a deployment or a pipeline goes with it (foreign keys), never by its age.
    const { numAffectedRows } = await sql`
      delete from idempotency_keys where (owner_id, route, key) in (
        select owner_id, route, key from idempotency_keys
        where deployment_id is null and pipeline_id is null
          and created_at < now() - make_interval(hours => ${limits.idempotencyKeyHours}::integer)
        order by created_at limit ${limit} for update skip locked
      )`.execute(tx.sql);
    return Number(numAffectedRows);
  },

  async liveTickets(tx, { limit }) {
    const { numAffectedRows } = await sql`
      delete from live_tickets where ticket_hash in (
        select ticket_hash from live_tickets
        where expires_at < now() - make_interval(mins => ${limits.expiredTicketMinutes}::integer)
        limit ${limit} for update skip locked
      )`.execute(tx.sql);
    return Number(numAffectedRows);
  },

  /** With their refresh tokens. */
  async sessions(tx, { limit }) {
    const { numAffectedRows } = await sql`
      delete from sessions where id in (
        select id from sessions
        where least(expires_at, revoked_at) < now() - make_interval(days => ${limits.endedSessionDays}::integer)
        limit ${limit} for update skip locked
      )`.execute(tx.sql);
    return Number(numAffectedRows);
  },

  /** With their events and log lines, by a function of the database: the application may not remove events. */
  async jobs(tx, { retentionDays, limit }) {
    const { rows } = await sql<{ removed: number }>`
      select prune_jobs(make_interval(days => ${retentionDays}::integer), ${limit}::integer) as removed`.execute(
      tx.sql,
    );
    return rows[0]?.removed ?? 0;
  },

  /** As long after their end as jobs. */
  async webhookDeliveries(tx, { retentionDays, limit }) {
    const { numAffectedRows } = await sql`
      delete from webhook_deliveries where id in (
        select id from webhook_deliveries
        where status <> 'pending' and completed_at < now() - make_interval(days => ${retentionDays}::integer)
        order by completed_at limit ${limit} for update skip locked
      )`.execute(tx.sql);
    return Number(numAffectedRows);
  },

  /** Deleted ones that no delivery refers to. */
  async webhooks(tx, { limit }) {
    const { numAffectedRows } = await sql`
      delete from webhooks where id in (
        select id from webhooks
        where deleted_at < now() - make_interval(mins => ${limits.deletedWebhookMinutes}::integer)
          and not exists (select from webhook_deliveries where webhook_id = webhooks.id)
        limit ${limit} for update skip locked
      )`.execute(tx.sql);
    return Number(numAffectedRows);
  },

  /** Results that no build refers to, with their artifacts. */
  compilations: (tx, { limit }) => pruneUnreferenced(tx, unreferencedCompilations, limit),

  /** Sources and artifacts that no row refers to; of a set of sources first the set, then what it kept. */
  async contents(tx, { limit }) {
    const wholes = await pruneUnreferenced(tx, unreferencedContents, limit);
    return wholes + (await pruneUnreferenced(tx, unreferencedContents, limit - wholes));
  },
};
