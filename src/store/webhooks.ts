import { type Selectable, sql } from 'kysely';
import { limits } from '../lib/limits.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Tier } from './owners.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { WebhooksTable } from './schema.ts';

/** A webhook as its owner sees it; the secret is not in it. */
export interface Webhook {
  id: string;
  url: string;
  description: string;
  /** Types of events, or `*` for all. */
  events: string[];
  createdAt: string;
  disabledAt: string | null;
  disabledReason: string | null;
}

export async function insertWebhook(
  tx: Tx,
  webhook: {
    id: string;
    ownerId: string;
    userId: string;
    url: string;
    description: string;
    events: string[];
    sealedSecret: object;
  },
): Promise<Webhook> {
  const row = await tx.sql
    .insertInto('webhooks')
    .values({
      id: webhook.id,
      owner_id: webhook.ownerId,
      created_by: webhook.userId,
      url: webhook.url,
      description: webhook.description,
      events: webhook.events,
      sealed_secret: json(webhook.sealedSecret),
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
  return toWebhook(row);
}

/** Counts an owner's webhooks, and lets nobody else add one before the transaction ends. */
export async function countWebhooks(tx: Tx, ownerId: string): Promise<number> {
  await tx.sql.selectFrom('owners').select('id').where('id', '=', ownerId).forNoKeyUpdate().execute();
  const { count } = await tx.sql
    .selectFrom('webhooks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

export async function listWebhooks(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<Webhook>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('webhooks')
    .select(shown)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toWebhook);
}

/** @throws AppError `not-found`, for a stranger's webhook and a deleted one too */
export async function getWebhook(read: Reader, ownerId: string, id: string): Promise<Webhook> {
  const row = await read
    .selectFrom('webhooks')
    .select(shown)
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'webhook', id });
  return toWebhook(row);
}

/** The row stays while deliveries refer to it, the secret goes at once: nothing is signed any more. @throws AppError `not-found` */
export async function markWebhookDeleted(tx: Tx, ownerId: string, id: string): Promise<void> {
  const row = await tx.sql
    .updateTable('webhooks')
    .set({ deleted_at: sql<Date>`now()`, sealed_secret: json(null) })
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'webhook', id });
}

/** Nothing is sent to a disabled webhook any more. */
export async function disableWebhook(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql
    .updateTable('webhooks')
    .set({ disabled_at: sql<Date>`now()`, disabled_reason: reason })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .execute();
}

/**
 * Lets one delivery find out whether a silent receiver is back, when it has been left alone long enough.
 * @param leaseMs how long the others wait for what it finds
 * @returns false while it is another one's turn, or too early
 */
export async function takeProbe(read: Reader, id: string, leaseMs: number): Promise<boolean> {
  const row = await read
    .updateTable('webhooks')
    .set({ held_until: inMs(leaseMs) })
    .where('id', '=', id)
    .where('held_until', '<=', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Leaves a receiver alone that did not answer. Of several attempts that were under way together, the first counts.
 * @param silence.isProbe the attempt was the one that was to find out
 */
export async function holdWebhook(
  tx: Tx,
  silence: { id: string; forMs: number; isProbe: boolean },
): Promise<void> {
  await tx.sql
    .updateTable('webhooks')
    .set({ silences: sql<number>`silences + 1`, held_until: inMs(silence.forMs) })
    .where('id', '=', silence.id)
    .$if(!silence.isProbe, (query) => query.where('held_until', 'is', null))
    .execute();
}

/** The receiver is back. */
export async function releaseWebhook(tx: Tx, id: string): Promise<void> {
  await tx.sql.updateTable('webhooks').set({ silences: 0, held_until: null }).where('id', '=', id).execute();
}

function inMs(ms: number) {
  return sql<Date>`now() + make_interval(secs => ${ms}::float8 / 1000)`;
}

/** Who wants to hear of an event, and on whose behalf the delivery's job runs. */
export interface WebhookReceiver {
  id: string;
  userId: string;
  projectId: string;
  events: string[];
  tier: Tier;
  /** Deliveries of the owner that have not ended, counted up to the largest limit. */
  pending: number;
}

/**
 * The owner's webhooks that can be told something. One look-up by index, as most owners have none; the pending
 * deliveries are counted once, and only for an owner who has.
 */
export async function findReceivers(read: Reader, ownerId: string): Promise<WebhookReceiver[]> {
  const { rows } = await sql<WebhookReceiver>`
    select webhooks.id, webhooks.created_by as "userId", projects.id as "projectId", webhooks.events, owners.tier,
      (select count(*) from (select from webhook_deliveries where owner_id = ${ownerId} and status = 'pending'
        limit ${limits.webhookDeliveriesPendingMax.enterprise}) as pending)::integer as pending
    from webhooks join projects on projects.owner_id = webhooks.owner_id and projects.is_default
      join owners on owners.id = webhooks.owner_id
    where webhooks.owner_id = ${ownerId} and webhooks.deleted_at is null and webhooks.disabled_at is null
    order by webhooks.id`.execute(read);
  return rows;
}

/** SQL about a row of `jobs`: its owner has no webhook that could be told something. */
export const ownerHasNoReceivers = `not exists (select from webhooks where webhooks.owner_id = jobs.owner_id
  and webhooks.deleted_at is null and webhooks.disabled_at is null)`;

const shown = ['id', 'url', 'description', 'events', 'created_at', 'disabled_at', 'disabled_reason'] as const;

function toWebhook(row: Pick<Selectable<WebhooksTable>, (typeof shown)[number]>): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events,
    createdAt: row.created_at.toISOString(),
    disabledAt: row.disabled_at?.toISOString() ?? null,
    disabledReason: row.disabled_reason,
  };
}
