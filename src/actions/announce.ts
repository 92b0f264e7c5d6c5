import { newId } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Tx } from '../store/db.ts';
import type { PipelineWork } from '../store/pipelines.ts';
import { insertDelivery } from '../store/webhook-deliveries.ts';
import { findReceivers, type WebhookReceiver } from '../store/webhooks.ts';
import type { WebhookEvent } from '../webhooks/events.ts';
import { toPayload } from '../webhooks/payload.ts';
import { pipelineEvents } from './webhook-events.ts';

/**
 * Tells the owner's webhooks what happened: writes a delivery, and a job that makes it, for each webhook that wants to
 * hear of it. In the transaction of the change, so that nothing is told that did not happen, and nothing that happened
 * is left untold.
 */
export async function announce(
  tx: Tx,
  what: { ownerId: string; requestId: string | null; events: readonly WebhookEvent[] },
): Promise<void> {
  const { ownerId, events } = what;
  if (events.length === 0) return;
  const receivers = await receiversOf(tx, ownerId);
  const at = new Date();
  for (const event of events) {
    for (const receiver of receivers) {
      if (!receiver.events.includes('*') && !receiver.events.includes(event.type)) continue;
      const id = newId();
      const { id: webhookId, userId, projectId } = receiver;
      insertDelivery(tx, { id, webhookId, ownerId, type: event.type, payload: toPayload(event, at) });
      const requestId = what.requestId ?? id;
      await enqueue(tx, { ownerId, userId, projectId, kind: 'webhook', subjectId: id, requestId });
    }
  }
}

/** The same for a pipeline that has a new state. */
export async function announcePipeline(tx: Tx, pipeline: PipelineWork): Promise<void> {
  const { owner, requestId } = pipeline;
  await announce(tx, { ownerId: owner.ownerId, requestId, events: pipelineEvents(pipeline) });
}

/** What transactions know already: several jobs end in one, and most owners have no webhook. */
const asked = new WeakMap<Tx, Map<string, WebhookReceiver[]>>();

async function receiversOf(tx: Tx, ownerId: string): Promise<WebhookReceiver[]> {
  const known = asked.get(tx) ?? new Map<string, WebhookReceiver[]>();
  asked.set(tx, known);
  const receivers = known.get(ownerId) ?? (await findReceivers(tx.sql, ownerId));
  known.set(ownerId, receivers);
  return receivers;
}
