import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { countWebhooks, insertWebhook, type Webhook } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import type { EventType } from '../webhooks/events.ts';
import { readUrl } from '../webhooks/read-url.ts';
import { newSecret } from '../webhooks/sign.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { openBox, type SealedBox, sealBox } from './sealed-box.ts';

/** The only time that the signing secret is shown. */
export type NewWebhook = Webhook & { secret: string };

/**
 * Makes a webhook with a signing secret of its own.
 * @throws AppError `webhook-url-invalid`, `webhook-address-private`, `webhooks-limit-reached`; those of `perform`
 */
export async function createWebhook(
  platform: Platform,
  context: ActionContext,
  request: { url: string; events: (EventType | '*')[]; description: string },
): Promise<NewWebhook> {
  const { ownerId, userId } = context.actor;
  return perform(
    platform,
    context,
    async (tx) => {
      const url = readUrl(request.url, platform.settings.webhookPrivate);
      const count = await countWebhooks(tx, ownerId);
      if (count >= limits.webhooksPerOwnerMax) throw fail('webhooks-limit-reached', { count });
      const id = newId();
      const secret = newSecret();
      const events = [...new Set(request.events)];
      const webhook = await insertWebhook(tx, {
        id,
        ownerId,
        userId,
        url: url.href,
        description: request.description,
        events,
        sealedSecret: sealBox(platform.keyEncryptionKey, Buffer.from(secret), purposeOf(id)),
      });
      // The address may hold a token in its path, so only the host is written down for ever.
      await recordAudit(tx, context, {
        action: 'webhook.created',
        objectKind: 'webhook',
        objectId: id,
        data: { host: url.host, events },
      });
      return { ...webhook, secret };
    },
    { secret: true },
  );
}

/** Opens what `createWebhook` sealed: for the job that signs. */
export function openWebhookSecret(
  platform: Pick<Platform, 'keyEncryptionKey'>,
  webhook: { id: string; sealedSecret: unknown },
): string {
  const box = webhook.sealedSecret as SealedBox;
  return openBox(platform.keyEncryptionKey, box, purposeOf(webhook.id)).toString();
}

function purposeOf(id: string): string {
  return `webhook:${id}`;
}
