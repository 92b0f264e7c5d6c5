import { fail } from '../actions/account-errors.ts';
import { authenticate, hasScope } from '../actions/authenticate.ts';
import type { Actor, Platform } from '../actions/platform.ts';
import { AppError } from '../lib/app-error.ts';
import type { AuthNeed } from './endpoint.ts';
import type { RateLimiter } from './rate-limit.ts';

/** Longer than any token or key of ours; nothing longer is worth looking at. */
const credentialsCharactersMax = 4_096;

/** @throws AppError `credentials-missing`, `credentials-malformed` */
export function readCredentials(header: string | undefined): string {
  if (!header) throw fail('credentials-missing');
  const match = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(header.slice(0, credentialsCharactersMax));
  if (!match?.[1]) throw fail('credentials-malformed');
  return match[1];
}

/**
 * Who makes the request, and whether they may. A request whose credentials are refused counts against its address.
 * @throws AppError 401 of `authenticate`, 403 `scope-missing`, 429 `rate-limited`
 */
export async function authorize(options: {
  platform: Platform;
  limiter: RateLimiter;
  need: Exclude<AuthNeed, 'none'>;
  address: string;
  /** How the caller shows who they are; a live route may use a ticket here. */
  identify(): Promise<Actor>;
}): Promise<{ actor: Actor; headers: Record<string, string> }> {
  const { limiter, need } = options;
  let actor: Actor;
  try {
    actor = await options.identify();
  } catch (error) {
    if (error instanceof AppError && error.status === 401) await limiter.count({ address: options.address });
    throw error;
  }
  const headers = await limiter.count({ actor });
  if (need !== 'user' && !hasScope(actor, need)) throw fail('scope-missing', { scope: need });
  return { actor, headers };
}

/** Identifies by the Authorization header. */
export function byHeader(platform: Platform, header: string | undefined): () => Promise<Actor> {
  return async () => authenticate(platform, readCredentials(header));
}
