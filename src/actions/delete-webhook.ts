import { toStoredError } from '../lib/app-error.ts';
import { closeDeliveries } from '../store/webhook-deliveries.ts';
import { markWebhookDeleted } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Deletes a webhook: nothing more is sent to it. Its pending deliveries end now, and their jobs find that out when they
 * fall due.
 * @throws AppError `not-found`
 */
export async function deleteWebhook(platform: Platform, context: ActionContext, id: string): Promise<void> {
  await perform(platform, context, async (tx) => {
    await markWebhookDeleted(tx, context.actor.ownerId, id);
    await closeDeliveries(tx, { webhookId: id }, toStoredError(fail('webhook-deleted')));
    await recordAudit(tx, context, { action: 'webhook.deleted', objectKind: 'webhook', objectId: id });
    return null;
  });
}
