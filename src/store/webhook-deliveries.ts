import { type Selectable, sql } from 'kysely';
import type { StoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { NewRow } from './new-row.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { WebhookDeliveriesTable } from './schema.ts';

/** One try to deliver. */
export interface WebhookAttempt {
  at: string;
  /** What the receiver answered, or null when it did not. */
  status: number | null;
  /** Code of the error, or null when it was received. */
  error: string | null;
  milliseconds: number;
  /** The beginning of the reply. */
  reply: string | null;
}

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed';

/** One message to one webhook, as its owner sees it. */
export interface WebhookDelivery {
  id: string;
  webhookId: string;
  type: string;
  status: DeliveryStatus;
  payload: Record<string, unknown>;
  attempts: WebhookAttempt[];
  /** The last one's, or why there was none. */
  error: StoredError | null;
  nextAttemptAt: string | null;
  createdAt: string;
  completedAt: string | null;
}

/** @param delivery.error why it is never tried; null for one that is */
export function newDelivery(delivery: {
  id: string;
  webhookId: string;
  ownerId: string;
  type: string;
  payload: object;
  error: StoredError | null;
}): NewRow {
  const { id, webhookId, ownerId, type, payload, error } = delivery;
  return {
    id,
    text: `insert into webhook_deliveries (id, webhook_id, owner_id, type, payload, status, error, completed_at)
      values ($1, $2, $3, $4, $5, $6, $7, case when $6 = 'failed' then now() end)`,
    values: [
      id,
      webhookId,
      ownerId,
      type,
      json(payload),
      error ? 'failed' : 'pending',
      error ? json(error) : null,
    ],
  };
}

/** Everything that the job of a delivery needs. */
export interface DeliveryWork {
  id: string;
  status: DeliveryStatus;
  payload: Record<string, unknown>;
  error: StoredError | null;
  /** Failed attempts of this round. */
  failures: number;
  /** Since this round began, by the database's clock. */
  elapsedMs: number;
  webhook: {
    id: string;
    url: string;
    sealedSecret: unknown;
    deleted: boolean;
    disabled: boolean;
    /** How often in a row its receiver did not answer. */
    silences: number;
    /** How much longer it is left alone for that; 0 when it is not. */
    heldMs: number;
  };
}

export async function loadDelivery(read: Reader, id: string): Promise<DeliveryWork> {
  const row = await read
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('webhooks as webhook', 'webhook.id', 'delivery.webhook_id')
    .select(['delivery.id', 'delivery.status', 'delivery.payload', 'delivery.error', 'delivery.failures'])
    .select(['webhook.id as webhook_id', 'webhook.url', 'webhook.sealed_secret'])
    .select(['webhook.deleted_at', 'webhook.disabled_at', 'webhook.silences'])
    .select(
      sql<number>`coalesce(extract(epoch from webhook.held_until - now())::float8 * 1000, 0)`.as('held_ms'),
    )
    .select(
      sql<number>`extract(epoch from now() - delivery.round_started_at)::float8 * 1000`.as('elapsed_ms'),
    )
    .where('delivery.id', '=', id)
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'delivery', id }));
  return {
    id: row.id,
    status: row.status as DeliveryStatus,
    payload: row.payload as Record<string, unknown>,
    error: row.error as StoredError | null,
    failures: row.failures,
    elapsedMs: row.elapsed_ms,
    webhook: {
      id: row.webhook_id,
      url: row.url,
      sealedSecret: row.sealed_secret,
      deleted: row.deleted_at !== null,
      disabled: row.disabled_at !== null,
      silences: row.silences,
      heldMs: Math.max(0, row.held_ms),
    },
  };
}

/**
 * Writes down how an attempt went. A delivery that was ended meanwhile, by the deletion of its webhook, keeps its end
 * and gets the attempt added. The oldest attempts make room for new ones.
 *
 * @param result.retryAfterMs until the next attempt, for one that is still pending
 * @returns what the delivery is now
 */
export async function recordAttempt(
  tx: Tx,
  delivery: { id: string; attempt: WebhookAttempt },
  result: { status: DeliveryStatus; error: StoredError | null; retryAfterMs: number | null },
): Promise<DeliveryStatus> {
  const { id, attempt } = delivery;
  const error = result.error ? json(result.error) : null;
  const pending = result.status === 'pending';
  const { rows } = await sql<{ status: DeliveryStatus }>`
    update webhook_deliveries set
      attempts = case when jsonb_array_length(attempts) >= ${limits.webhookAttemptsKeptMax}::integer
        then attempts - 0 else attempts end || ${json([attempt])}::jsonb,
      failures = failures + ${result.error ? 1 : 0}::integer,
      error = case when status = 'pending' then ${error}::jsonb else error end,
      next_attempt_at = case when status = 'pending' and ${pending}::boolean
        then now() + make_interval(secs => ${result.retryAfterMs}::float8 / 1000) end,
      completed_at = case when status = 'pending' and not ${pending}::boolean then now() else completed_at end,
      status = case when status = 'pending' then ${result.status} else status end
    where id = ${id} returning status`.execute(tx.sql);
  return rows[0]?.status ?? 'failed';
}

/** Notes when a delivery is tried whose receiver is left alone for a while. @returns what the delivery is now */
export async function postponeDelivery(tx: Tx, id: string, ms: number): Promise<DeliveryStatus> {
  const row = await tx.sql
    .updateTable('webhook_deliveries')
    .set({ next_attempt_at: sql<Date>`now() + make_interval(secs => ${ms}::float8 / 1000)` })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returning('id')
    .executeTakeFirst();
  return row ? 'pending' : 'failed';
}

/** Ends a delivery that is pending. Whoever writes an attempt of it down at this moment is waited for. */
export async function closeDelivery(tx: Tx, id: string, error: StoredError): Promise<void> {
  await tx.sql
    .updateTable('webhook_deliveries')
    .set(closed(error))
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .execute();
}

/**
 * Ends all pending deliveries of a webhook. Those whose attempt is being written down at this moment are passed over,
 * as waiting for several rows could lock up; their next attempt finds out that nobody wants it.
 * @returns the ids of those that it ended
 */
export async function closeDeliveriesOf(
  tx: Tx,
  webhook: { id: string; ownerId: string },
  error: StoredError,
): Promise<string[]> {
  const rows = await tx.sql
    .updateTable('webhook_deliveries')
    .set(closed(error))
    .where('id', 'in', (query) =>
      query
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('owner_id', '=', webhook.ownerId)
        .where('webhook_id', '=', webhook.id)
        .where('status', '=', 'pending')
        .forUpdate()
        .skipLocked(),
    )
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

function closed(error: StoredError) {
  const now = sql<Date>`now()`;
  return { status: 'failed', error: json(error), next_attempt_at: null, completed_at: now };
}

/** How many of an owner's deliveries have not ended, counted up to `max`. */
export async function countPending(read: Reader, ownerId: string, max: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from
    (select from webhook_deliveries where owner_id = ${ownerId} and status = 'pending' limit ${max}) as pending`.execute(
    read,
  );
  return rows[0]?.count ?? 0;
}

/** Whether a job works on a delivery, or will. Without locking anything. */
export async function isUnderWay(read: Reader, which: { id: string; webhookId: string }): Promise<boolean> {
  const row = await read
    .selectFrom('webhook_deliveries as delivery')
    .innerJoin('jobs', 'jobs.subject_id', 'delivery.id')
    .select('delivery.id')
    .where('delivery.id', '=', which.id)
    .where('delivery.webhook_id', '=', which.webhookId)
    .where('jobs.state', 'in', ['queued', 'running', 'waiting'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Locks a delivery of a webhook. @throws AppError `not-found` */
export async function lockDelivery(
  tx: Tx,
  which: { id: string; webhookId: string },
): Promise<WebhookDelivery> {
  const row = await tx.sql
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('id', '=', which.id)
    .where('webhook_id', '=', which.webhookId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'delivery', id: which.id });
  return toDelivery(row);
}

/** Begins a new round of attempts; those before stay in the list. */
export async function restartDelivery(tx: Tx, id: string): Promise<WebhookDelivery> {
  const row = await tx.sql
    .updateTable('webhook_deliveries')
    .set({
      status: 'pending',
      failures: 0,
      round_started_at: sql<Date>`now()`,
      error: null,
      next_attempt_at: null,
      completed_at: null,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'delivery', id }));
  return toDelivery(row);
}

/** Deliveries of one webhook, newest first. */
export async function listDeliveries(
  read: Reader,
  webhookId: string,
  request: PageRequest,
): Promise<Page<WebhookDelivery>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toDelivery);
}

function toDelivery(row: Selectable<WebhookDeliveriesTable>): WebhookDelivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    type: row.type,
    status: row.status as DeliveryStatus,
    payload: row.payload as Record<string, unknown>,
    attempts: row.attempts as WebhookAttempt[],
    error: row.error as StoredError | null,
    nextAttemptAt: row.next_attempt_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}
