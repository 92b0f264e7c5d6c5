import { createHash, randomBytes } from 'node:crypto';
import { insertLiveTicket, takeLiveTicket } from '../store/live-tickets.ts';
import { fail } from './account-errors.ts';
import { authenticateAgain } from './authenticate.ts';
import type { Actor, Platform } from './platform.ts';

const ticketSeconds = 30;

/** Makes a ticket that opens one socket within 30 seconds: browsers cannot set headers there. */
export async function issueLiveTicket(
  platform: Platform,
  actor: Actor,
): Promise<{ ticket: string; expiresInSeconds: number }> {
  const ticket = randomBytes(32).toString('base64url');
  const { kind, id } = actor.via;
  if (kind === 'system') throw fail('credentials-missing');
  await insertLiveTicket(platform.store.read, {
    hash: hashTicket(ticket),
    via: { kind, id },
    seconds: ticketSeconds,
  });
  return { ticket, expiresInSeconds: ticketSeconds };
}

/** Uses a ticket up. @throws AppError `ticket-invalid`, and what `authenticate` throws about its holder */
export async function redeemLiveTicket(platform: Platform, ticket: string): Promise<Actor> {
  const holder = await takeLiveTicket(platform.store.read, hashTicket(ticket));
  if (!holder) throw fail('ticket-invalid');
  return authenticateAgain(platform, holder);
}

function hashTicket(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}
