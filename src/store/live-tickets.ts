import { sql } from 'kysely';
import type { Reader } from './db.ts';

/** By which credentials the holder of a ticket was signed in. */
export interface TicketHolder {
  kind: 'session' | 'api-key';
  id: string;
}

/** Adds a ticket. Those that nobody uses go by their age (`prune.ts`). */
export async function insertLiveTicket(
  read: Reader,
  ticket: { hash: Buffer; via: TicketHolder; seconds: number },
): Promise<void> {
  await sql`
    insert into live_tickets (ticket_hash, via_kind, via_id, expires_at)
    values (${ticket.hash}, ${ticket.via.kind}, ${ticket.via.id}, now() + make_interval(secs => ${ticket.seconds}))`.execute(
    read,
  );
}

/** Uses a ticket up. @returns null when it is unknown, used or expired */
export async function takeLiveTicket(read: Reader, hash: Buffer): Promise<TicketHolder | null> {
  const { rows } = await sql<TicketHolder & { expired: boolean }>`
    delete from live_tickets where ticket_hash = ${hash}
    returning via_kind as kind, via_id as id, expires_at <= now() as expired`.execute(read);
  const row = rows[0];
  return row && !row.expired ? { kind: row.kind, id: row.id } : null;
}
