import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { ownAddresses } from '../ops/own-addresses.ts';
import { countWebhooks, insertWebhook, type Webhook } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { type EventType, eventTypes } from '../webhooks/events.ts';
import { readUrl } from '../webhooks/read-url.ts';
import { newSecret } from '../webhooks/sign.ts';
import { fail as refuse } from './account-errors.ts';
import { hasScope } from './authenticate.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Actor, Platform, Scope } from './platform.ts';
import { openBox, type SealedBox, sealBox } from './sealed-box.ts';

/** The only time that the signing secret is shown. */
export type NewWebhook = Webhook & { secret: string };

/**
 * Makes a webhook with a signing secret of its own.
 * @throws AppError `scope-missing`, `webhook-url-invalid`, `webhook-address-private`, `webhooks-limit-reached`; those of
 *   `perform`
 */
export async function createWebhook(
  platform: Platform,
  context: ActionContext,
  request: { url: string; events: (EventType | '*')[]; description: string },
): Promise<NewWebhook> {
  const { ownerId, userId } = context.actor;
  checkScopes(context.actor, request.events);
  return perform(
    platform,
    context,
    async (tx) => {
      const url = readUrl(request.url, { allowed: platform.settings.webhookPrivate, own: ownAddresses() });
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

type Subject<Type> = Type extends `${infer Name}.${string}` ? Name : never;

/** What a key must be allowed to read to be told of these subjects. */
const readScopes: Record<Subject<EventType>, Scope> = {
  job: 'contracts:read',
  pipeline: 'pipelines:read',
  deployment: 'deployments:read',
};

/** A webhook tells what the routes of its subjects show, and for longer than the key may live that made it. */
function checkScopes(actor: Actor, events: readonly (EventType | '*')[]): void {
  const types = events.flatMap((wanted) => (wanted === '*' ? eventTypes : wanted));
  for (const type of types) {
    const scope = readScopes[type.split('.')[0] as Subject<EventType>];
    if (!hasScope(actor, scope)) throw refuse('scope-missing', { scope }, { place: { pointer: '/events' } });
  }
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
