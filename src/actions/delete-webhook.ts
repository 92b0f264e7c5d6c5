import { toStoredError } from '../lib/app-error.ts';
import { cancelQueued } from '../queue/cancel-queued.ts';
import { closeDeliveriesOf } from '../store/webhook-deliveries.ts';
import { markWebhookDeleted } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Deletes a webhook: nothing more is sent to it. Its pending deliveries end now, and so do their jobs; there are no more
 * of them than an owner may have pending. One that is being made at this moment is made to its end.
 * @throws AppError `not-found`
 */
export async function deleteWebhook(platform: Platform, context: ActionContext, id: string): Promise<void> {
  const { ownerId } = context.actor;
  await perform(platform, context, async (tx) => {
    await markWebhookDeleted(tx, ownerId, id);
    const ended = await closeDeliveriesOf(tx, { id, ownerId }, toStoredError(fail('webhook-deleted')));
    await cancelQueued(tx, ended);
    await recordAudit(tx, context, { action: 'webhook.deleted', objectKind: 'webhook', objectId: id });
    return null;
  });
}
