import { toStoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Tx } from '../store/db.ts';
import { insertRow } from '../store/new-row.ts';
import type { PipelineWork } from '../store/pipelines.ts';
import { newDelivery } from '../store/webhook-deliveries.ts';
import { findReceivers, type WebhookReceiver } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import type { WebhookEvent } from '../webhooks/events.ts';
import { toPayload } from '../webhooks/payload.ts';
import { pipelineEvents } from './webhook-events.ts';

/**
 * Tells the owner's webhooks what happened: writes a delivery, and a job that makes it, for each webhook that wants to
 * hear of it. In the transaction of the change, so that nothing is told that did not happen, and nothing that happened
 * is left untold. An owner with as many pending deliveries as the tier allows gets those beyond as failed ones, without
 * a job: receivers that never answer would else fill the queue. Several processes may let a few more slip in.
 */
export async function announce(
  tx: Tx,
  what: { ownerId: string; requestId: string | null; events: readonly WebhookEvent[] },
): Promise<void> {
  const { ownerId, events } = what;
  if (events.length === 0) return;
  const audience = await audienceOf(tx, ownerId);
  const at = new Date();
  for (const event of events) {
    for (const receiver of audience.receivers) {
      if (!receiver.events.includes('*') && !receiver.events.includes(event.type)) continue;
      const id = newId();
      const { id: webhookId, userId, projectId } = receiver;
      const error = takeRoom(audience)
        ? null
        : toStoredError(fail('webhook-queue-full', { max: audience.max }));
      const payload = toPayload(event, at);
      const delivery = newDelivery({ id, webhookId, ownerId, type: event.type, payload, error });
      const requestId = what.requestId ?? id;
      if (error) insertRow(tx, delivery);
      else
        await enqueue(
          tx,
          { ownerId, userId, projectId, kind: 'webhook', subjectId: id, requestId },
          delivery,
        );
    }
  }
}

/** The same for a pipeline that has a new state. */
export async function announcePipeline(tx: Tx, pipeline: PipelineWork): Promise<void> {
  const { owner, requestId } = pipeline;
  await announce(tx, { ownerId: owner.ownerId, requestId, events: pipelineEvents(pipeline) });
}

/** Whom an owner's events are told, and how many more deliveries there may be. */
interface Audience {
  receivers: WebhookReceiver[];
  room: number;
  max: number;
}

/** What transactions know already: several jobs end in one, and most owners have no webhook. */
const asked = new WeakMap<Tx, Map<string, Audience>>();

async function audienceOf(tx: Tx, ownerId: string): Promise<Audience> {
  const known = asked.get(tx) ?? new Map<string, Audience>();
  asked.set(tx, known);
  const audience = known.get(ownerId) ?? toAudience(await findReceivers(tx.sql, ownerId));
  known.set(ownerId, audience);
  return audience;
}

function toAudience(receivers: WebhookReceiver[]): Audience {
  const [first] = receivers;
  const max = limits.webhookDeliveriesPendingMax[first?.tier ?? 'free'];
  return { receivers, max, room: max - (first?.pending ?? 0) };
}

/** Deliveries of this transaction count too. @returns false when there is no room for another one */
function takeRoom(audience: Audience): boolean {
  if (audience.room <= 0) return false;
  audience.room -= 1;
  return true;
}
