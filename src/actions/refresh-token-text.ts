import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyEncryptionKey } from '../chain/types.ts';

/** Unlike that of API keys, so that one is never taken for the other. */
export const refreshTokenPrefix = 'sliprt_';

/** The first token of a session, from the system's random source. */
export function createRefreshToken(): string {
  return refreshTokenPrefix + randomBytes(32).toString('base64url');
}

/**
 * The one successor of a token. It follows from the token and a secret of this server, so that a second tab gets the
 * same one although nothing but hashes is stored.
 */
export function successorOf(kek: KeyEncryptionKey, token: string): string {
  const secret = Buffer.from(hkdfSync('sha256', kek.key, '', 'slipway refresh token successor', 32));
  return refreshTokenPrefix + createHmac('sha256', secret).update(token).digest('base64url');
}

export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
