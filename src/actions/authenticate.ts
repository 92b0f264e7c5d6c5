import { timingSafeEqual } from 'node:crypto';
import { type ApiKeyState, findApiKey, touchApiKey } from '../store/api-keys.ts';
import { findSession } from '../store/sessions.ts';
import type { Account } from '../store/users.ts';
import { readAccessToken } from './access-tokens.ts';
import { fail } from './account-errors.ts';
import { hashApiKeyText, parseApiKeyText } from './api-key-text.ts';
import type { Actor, Platform, Role, Scope } from './platform.ts';
import { refreshTokenPrefix } from './refresh-token-text.ts';

/**
 * Says who holds these credentials. One query: a session or key that was revoked, an account that was deactivated,
 * lose access with the next request.
 *
 * @param credentials what follows `Bearer `: an access token or an API key
 * @throws AppError 401 with a code for each way in which credentials can be wrong; `database-unavailable`
 */
export async function authenticate(platform: Platform, credentials: string): Promise<Actor> {
  if (credentials.startsWith(refreshTokenPrefix)) throw fail('refresh-token-as-access');
  return credentials.startsWith('slip_') ? byApiKey(platform, credentials) : bySession(platform, credentials);
}

/** Looks again at credentials that were good before: a live connection outlasts them otherwise. */
export async function authenticateAgain(platform: Platform, via: Actor['via']): Promise<Actor> {
  if (via.kind === 'session') return sessionActor(platform, via.id);
  const key = await findApiKey(platform.store.read, { id: via.id });
  if (!key) throw fail('api-key-invalid');
  return keyActor(key);
}

async function bySession(platform: Platform, token: string): Promise<Actor> {
  const { sessionId } = await readAccessToken(platform, token);
  return sessionActor(platform, sessionId);
}

async function sessionActor(platform: Platform, sessionId: string): Promise<Actor> {
  const session = await findSession(platform.store.read, sessionId);
  if (!session || session.revoked || session.expired) throw fail('session-revoked');
  return toActor(session.account, { scopes: ['*'], via: { kind: 'session', id: sessionId } });
}

async function byApiKey(platform: Platform, text: string): Promise<Actor> {
  const parsed = parseApiKeyText(text);
  if (!parsed) throw fail('credentials-malformed');
  if (parsed.damaged) throw fail('api-key-damaged');
  const { environment } = platform.settings;
  if (parsed.environment !== environment) {
    throw fail('api-key-environment', { given: parsed.environment, expected: environment });
  }
  const key = await findApiKey(platform.store.read, { keyId: parsed.keyId });
  if (!key || !timingSafeEqual(key.secretHash, hashApiKeyText(text))) throw fail('api-key-invalid');
  const actor = keyActor(key);
  if (key.lastUseIsOld) {
    // Not awaited: the time of the last use is worth neither the caller's wait nor a failed request.
    touchApiKey(platform.store.read, key.id).catch((error: unknown) =>
      platform.log.warn({ err: error, apiKeyId: key.id }, 'the last use of an API key was not noted'),
    );
  }
  return actor;
}

function keyActor(key: ApiKeyState): Actor {
  if (key.revoked) throw fail('api-key-revoked');
  if (key.expired) throw fail('api-key-expired');
  return toActor(key.account, { scopes: key.scopes as Scope[], via: { kind: 'api-key', id: key.id } });
}

export function toActor(account: Account, how: Pick<Actor, 'scopes' | 'via'>): Actor {
  if (!account.active) throw fail('account-deactivated');
  return {
    ownerId: account.ownerId,
    userId: account.userId,
    projectId: account.projectId,
    roles: account.roles as Role[],
    tier: account.tier,
    ...how,
  };
}

/** A scope to write includes the one to read; `*` includes all. */
export function hasScope(actor: Pick<Actor, 'scopes'>, scope: Scope): boolean {
  const write = scope.replace(/:read$/, ':write') as Scope;
  return actor.scopes.some((held) => held === '*' || held === scope || held === write);
}
