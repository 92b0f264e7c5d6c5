import { sha256Hex } from '../lib/hash.ts';
import type { Tx } from '../store/db.ts';
import {
  lockRefreshToken,
  type RefreshTokenState,
  revokeSession,
  rotateRefreshToken,
} from '../store/sessions.ts';
import { getAccount } from '../store/users.ts';
import { fail } from './account-errors.ts';
import { toActor } from './authenticate.ts';
import { type Client, type Tokens, toTokens } from './open-session.ts';
import { recordAudit } from './perform.ts';
import type { Platform } from './platform.ts';
import { hashRefreshToken, successorOf } from './refresh-token-text.ts';

/** Two tabs that wake up together use one token twice; a thief seldom comes that soon, and from another place. */
const graceSeconds = 10;

/**
 * Exchanges a refresh token for new tokens. A token that is used again ends the whole session, except within ten
 * seconds by the same client, which gets the same successor.
 * @throws AppError `refresh-token-invalid`, `refresh-token-expired`, `refresh-token-reused`, `session-revoked`,
 *   `account-deactivated`
 */
export async function refresh(
  platform: Platform,
  request: { refreshToken: string; client: Client; requestId: string },
): Promise<Tokens> {
  const tokenHash = hashRefreshToken(request.refreshToken);
  const successor = successorOf(platform.keyEncryptionKey, request.refreshToken);
  const client = sha256Hex(`${request.client.address}\n${request.client.userAgent}`);
  const outcome = await platform.store.transaction(async (tx) => {
    const state = await lockRefreshToken(tx, tokenHash);
    if (!state) throw fail('refresh-token-invalid');
    if (state.sessionRevoked) throw fail('session-revoked');
    if (state.sessionExpired) throw fail('refresh-token-expired');
    if (!state.active) throw fail('account-deactivated');
    if (state.used) {
      const sameClient = state.usedByClient === client && (state.usedSecondsAgo ?? Infinity) <= graceSeconds;
      if (sameClient) return { kind: 'tokens' as const, ...state };
      await endFamily(tx, state, request.requestId);
      // Returned, not thrown: the end of the session must be committed.
      return { kind: 'reused' as const };
    }
    const successorHash = hashRefreshToken(successor);
    await rotateRefreshToken(tx, { sessionId: state.sessionId, tokenHash, successorHash, client });
    return { kind: 'tokens' as const, ...state };
  });
  if (outcome.kind === 'reused') throw fail('refresh-token-reused');
  const { userId, sessionId } = outcome;
  return toTokens(platform, { userId, sessionId, refreshToken: successor });
}

async function endFamily(tx: Tx, state: RefreshTokenState, requestId: string): Promise<void> {
  await revokeSession(tx, state.sessionId, 'refresh-token-reused');
  const account = await getAccount(tx.sql, state.userId);
  const actor = toActor(account, { scopes: ['*'], via: { kind: 'session', id: state.sessionId } });
  await recordAudit(
    tx,
    { actor, requestId },
    {
      action: 'session.revoked',
      objectKind: 'session',
      objectId: state.sessionId,
      data: { reason: 'refresh-token-reused' },
    },
  );
}
