import { newId } from '../lib/ids.ts';
import { fail } from './account-errors.ts';
import { createAccount, type OwnerCreatedHook } from './create-account.ts';
import { type Client, openSession, type Tokens, toTokens } from './open-session.ts';
import { hashPassword } from './passwords.ts';
import type { Platform } from './platform.ts';

/**
 * Opens an account with its first session: owner, user, default project and what the hooks add, in one transaction.
 * @throws AppError `registration-closed`, `password-too-common`, `email-taken`
 */
export async function register(
  platform: Platform,
  request: {
    email: string;
    password: string;
    name: string;
    client: Client;
    requestId: string;
    onOwnerCreated: readonly OwnerCreatedHook[];
  },
): Promise<{ userId: string; tokens: Tokens }> {
  if (platform.settings.registration !== 'open') throw fail('registration-closed');
  const passwordHash = await hashPassword(request.password);
  const sessionId = newId();
  const email = request.email.toLowerCase();
  const session = await platform.store.transaction(async (tx) => {
    const { userId } = await createAccount(tx, {
      email,
      name: request.name,
      passwordHash,
      roles: ['user'],
      tier: 'free',
      via: { kind: 'session', id: sessionId },
      requestId: request.requestId,
      onOwnerCreated: request.onOwnerCreated,
    });
    const refreshToken = await openSession(tx, { id: sessionId, userId, client: request.client });
    return { userId, sessionId, refreshToken };
  });
  return { userId: session.userId, tokens: await toTokens(platform, session) };
}
