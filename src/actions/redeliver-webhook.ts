import { enqueue } from '../queue/enqueue.ts';
import { lockDelivery, restartDelivery, type WebhookDelivery } from '../store/webhook-deliveries.ts';
import { getWebhook, releaseWebhook } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/**
 * Sends a message again that was delivered or given up: the same id and body, a new signature, a new day of retries.
 * @throws AppError `not-found`, `webhook-disabled`, `webhook-delivery-pending`
 */
export async function redeliverWebhook(
  platform: Platform,
  context: ActionContext,
  which: { webhookId: string; id: string },
): Promise<WebhookDelivery> {
  return perform(platform, context, async (tx) => {
    const webhook = await getWebhook(tx.sql, context.actor.ownerId, which.webhookId);
    const delivery = await lockDelivery(tx, which);
    if (webhook.disabledAt !== null) throw fail('webhook-disabled');
    if (delivery.status === 'pending') throw fail('webhook-delivery-pending', { id: delivery.id });
    // Whoever asks for it believes that the receiver is back.
    await releaseWebhook(tx.sql, webhook.id);
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
