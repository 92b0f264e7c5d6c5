import { limits } from '../lib/limits.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Tx } from '../store/db.ts';
import {
  countPending,
  isUnderWay,
  lockDelivery,
  restartDelivery,
  type WebhookDelivery,
} from '../store/webhook-deliveries.ts';
import { getWebhook, releaseWebhook } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/**
 * Sends a message again that was delivered or given up: the same id and body, a new signature, a new day of retries.
 * @throws AppError `not-found`, `webhook-disabled`, `webhook-delivery-pending`, `webhook-queue-full`
 */
export async function redeliverWebhook(
  platform: Platform,
  context: ActionContext,
  which: { webhookId: string; id: string },
): Promise<WebhookDelivery> {
  return perform(platform, context, async (tx) => {
    const webhook = await getWebhook(tx.sql, context.actor.ownerId, which.webhookId);
    // Before the row is locked too: whoever is refused must not keep the end of an attempt from being written down.
    await refuseUnderWay(tx, which);
    const delivery = await lockDelivery(tx, which);
    await refuseUnderWay(tx, which);
    if (webhook.disabledAt !== null) throw fail('webhook-disabled');
    // One that is pending though no job works on it is counted already.
    if (delivery.status !== 'pending') await admit(tx, context);
    // Whoever asks for it believes that the receiver is back.
    await releaseWebhook(tx, webhook.id);
    const restarted = await restartDelivery(tx, delivery.id);
    const { requestId } = context;
    await enqueue(tx, { ...ownershipOf(context), kind: 'webhook', subjectId: delivery.id, requestId });
    await recordAudit(tx, context, {
      action: 'webhook.redelivered',
      objectKind: 'webhook-delivery',
      objectId: delivery.id,
      data: { webhookId: webhook.id },
    });
    return restarted;
  });
}

async function refuseUnderWay(tx: Tx, which: { webhookId: string; id: string }): Promise<void> {
  if (await isUnderWay(tx.sql, which)) throw fail('webhook-delivery-pending', { id: which.id });
}

async function admit(tx: Tx, { actor }: ActionContext): Promise<void> {
  const max = limits.webhookDeliveriesPendingMax[actor.tier];
  if ((await countPending(tx.sql, actor.ownerId, max)) < max) return;
  throw fail('webhook-queue-full', { max }, { retryAfterSeconds: limits.retryAfterFullSeconds });
}
