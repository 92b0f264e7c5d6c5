import { createHash, randomBytes } from 'node:crypto';
import type { Tx } from '../store/db.ts';
import { insertLiveTicket, takeLiveTicket } from '../store/live-tickets.ts';
import { fail } from './account-errors.ts';
import { authenticateAgain } from './authenticate.ts';
import { perform } from './perform.ts';
import type { ActionContext, Actor, Platform } from './platform.ts';

const ticketSeconds = 30;

/** Makes a ticket that opens one socket within 30 seconds: browsers cannot set headers there. */
export async function issueLiveTicket(
  platform: Platform,
  context: ActionContext,
): Promise<{ ticket: string; expiresInSeconds: number }> {
  const { kind, id } = context.actor.via;
  if (kind === 'system') throw fail('credentials-missing');
  const issue = async (tx: Tx) => {
    const ticket = randomBytes(32).toString('base64url');
    await insertLiveTicket(tx.sql, { hash: hashTicket(ticket), via: { kind, id }, seconds: ticketSeconds });
    return { ticket, expiresInSeconds: ticketSeconds };
  };
  return perform(platform, context, issue, { secret: true });
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
