import { newId } from '../lib/ids.ts';
import { findLogin, getAccount } from '../store/users.ts';
import { fail } from './account-errors.ts';
import { toActor } from './authenticate.ts';
import { type Client, openSession, type Tokens, toTokens } from './open-session.ts';
import { verifyPassword } from './passwords.ts';
import { recordAudit } from './perform.ts';
import type { Platform } from './platform.ts';

/**
 * Opens a session. An account that does not exist takes as long as a wrong password and gets the same reply.
 * @throws AppError `login-failed`, `account-deactivated` (only with the right password)
 */
export async function login(
  platform: Platform,
  request: { email: string; password: string; client: Client; requestId: string },
): Promise<Tokens> {
  const user = await findLogin(platform.store.read, request.email.toLowerCase());
  const matches = await verifyPassword(user?.passwordHash ?? null, request.password);
  if (!user || !matches) throw fail('login-failed');
  const { userId } = user;
  const sessionId = newId();
  const refreshToken = await platform.store.transaction(async (tx) => {
    const account = await getAccount(tx.sql, userId);
    const actor = toActor(account, { scopes: ['*'], via: { kind: 'session', id: sessionId } });
    await recordAudit(
      tx,
      { actor, requestId: request.requestId },
      {
        action: 'session.opened',
        objectKind: 'session',
        objectId: sessionId,
      },
    );
    return openSession(tx, { id: sessionId, userId, client: request.client });
  });
  return toTokens(platform, { userId, sessionId, refreshToken });
}
