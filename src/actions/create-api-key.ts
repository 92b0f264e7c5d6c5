import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { type ApiKey, countApiKeys, insertApiKey } from '../store/api-keys.ts';
import type { Tx } from '../store/db.ts';
import { fail } from './account-errors.ts';
import { createApiKeyText, hashApiKeyText } from './api-key-text.ts';
import { hasScope } from './authenticate.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform, Scope } from './platform.ts';

/** The only time that the key's text is shown. */
export type NewApiKey = ApiKey & { key: string };

/**
 * Makes an API key. A key can give no right that its maker lacks.
 * @param request.expiresInSeconds null for a key that does not expire
 * @throws AppError `api-key-scopes-exceeded`, `api-keys-limit-reached`; those of `perform`
 */
export async function createApiKey(
  platform: Platform,
  context: ActionContext,
  request: { name: string; scopes: Scope[]; expiresInSeconds: number | null },
): Promise<NewApiKey> {
  const exceeded = request.scopes.filter((scope) => !hasScope(context.actor, scope));
  if (exceeded.length > 0) throw fail('api-key-scopes-exceeded', { scopes: exceeded.join(', ') });
  return perform(
    platform,
    context,
    async (tx) => {
      const count = await countApiKeys(tx, context.actor.ownerId);
      if (count >= limits.apiKeysPerOwnerMax) throw fail('api-keys-limit-reached', { count });
      return writeApiKey(platform, tx, context, request);
    },
    { secret: true },
  );
}

/** Writes key and audit line in a transaction of somebody else. */
export async function writeApiKey(
  platform: Platform,
  tx: Tx,
  context: Pick<ActionContext, 'actor' | 'requestId'>,
  request: { name: string; scopes: Scope[]; expiresInSeconds: number | null },
): Promise<NewApiKey> {
  const { text, keyId } = createApiKeyText(platform.settings.environment);
  const { ownerId, userId } = context.actor;
  const seconds = request.expiresInSeconds;
  const key = await insertApiKey(tx, {
    id: newId(),
    ownerId,
    userId,
    name: request.name,
    keyId,
    secretHash: hashApiKeyText(text),
    scopes: request.scopes,
    expiresAt: seconds === null ? null : new Date(Date.now() + seconds * 1000),
  });
  await recordAudit(tx, context, {
    action: 'api-key.created',
    objectKind: 'api-key',
    objectId: key.id,
    data: { keyId, scopes: request.scopes, expiresAt: key.expiresAt },
  });
  return { ...key, key: text };
}
