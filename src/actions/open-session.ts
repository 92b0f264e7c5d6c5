import { limits } from '../lib/limits.ts';
import type { Tx } from '../store/db.ts';
import { insertSession } from '../store/sessions.ts';
import { issueAccessToken } from './access-tokens.ts';
import type { Platform } from './platform.ts';
import { createRefreshToken, hashRefreshToken } from './refresh-token-text.ts';

/** What a login gives. */
export interface Tokens {
  accessToken: string;
  /** Of the access token. */
  expiresInSeconds: number;
  /** Good for one use; the reply to that use holds the next one. */
  refreshToken: string;
}

/** Who is at the other end, as far as HTTP tells. */
export interface Client {
  address: string;
  userAgent: string;
}

/**
 * Writes the session.
 * @returns its refresh token, which is worth nothing before the transaction is committed
 */
export async function openSession(
  tx: Tx,
  session: { id: string; userId: string; client: Client },
): Promise<string> {
  const refreshToken = createRefreshToken();
  await insertSession(tx, {
    id: session.id,
    userId: session.userId,
    client: session.client.userAgent.slice(0, 200),
    seconds: limits.refreshTokenSeconds,
    refreshTokenHash: hashRefreshToken(refreshToken),
  });
  return refreshToken;
}

/** Adds the access token. Outside of transactions: the first one of an installation makes the signing key. */
export async function toTokens(
  platform: Platform,
  session: { userId: string; sessionId: string; refreshToken: string },
): Promise<Tokens> {
  const { refreshToken, ...claims } = session;
  const accessToken = await issueAccessToken(platform, claims);
  return { accessToken, expiresInSeconds: limits.accessTokenSeconds, refreshToken };
}
