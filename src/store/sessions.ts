import { sql } from 'kysely';
import type { Reader, Tx } from './db.ts';
import { gathered, perReader } from './gathered.ts';
import type { Tier } from './owners.ts';
import type { Account } from './users.ts';

/** @param session.client what the user will recognise the session by, such as the browser's name */
export async function insertSession(
  tx: Tx,
  session: { id: string; userId: string; client: string; seconds: number; refreshTokenHash: Buffer },
): Promise<void> {
  await sql`
    with session as (
      insert into sessions (id, user_id, client, expires_at)
      values (${session.id}, ${session.userId}, ${session.client}, now() + make_interval(secs => ${session.seconds}))
      returning id
    )
    insert into refresh_tokens (token_hash, session_id) select ${session.refreshTokenHash}, id from session`.execute(
    tx.sql,
  );
}

export interface SessionState {
  account: Account;
  revoked: boolean;
  expired: boolean;
}

/** The one query of a request with an access token. @returns null when there is no such session */
export async function findSession(read: Reader, id: string): Promise<SessionState | null> {
  const row = await lookUpOf(read)(id);
  if (!row) return null;
  const { id: _id, revoked, expired, ...account } = row;
  return { account, revoked, expired };
}

/** Many requests at a time ask for few sessions. */
const lookUpOf = perReader((read) =>
  gathered(async (ids) => {
    const { rows } = await sql<AccountRow & { id: string; revoked: boolean; expired: boolean }>`
      select sessions.id, users.id as "userId", owners.id as "ownerId", projects.id as "projectId", users.roles,
        owners.tier, users.status = 'active' as active, sessions.revoked_at is not null as revoked,
        sessions.expires_at <= now() as expired
      from sessions
      join users on users.id = sessions.user_id
      join owners on owners.id = users.owner_id
      join projects on projects.owner_id = owners.id and projects.is_default
      where sessions.id = any(${ids}::uuid[])`.execute(read);
    return new Map(rows.map((row) => [row.id, row]));
  }),
);

type AccountRow = Account & { tier: Tier };

/**
 * Ends the session and with it every token of its family. Its live connections are told, in every process.
 * @returns false when it had ended before
 */
export async function revokeSession(tx: Tx, id: string, reason: string): Promise<boolean> {
  const result = await tx.sql
    .updateTable('sessions')
    .set({ revoked_at: new Date(), revoked_reason: reason })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  tx.changedSubjects.add(id);
  return result.numUpdatedRows > 0n;
}

export interface RefreshTokenState {
  sessionId: string;
  userId: string;
  active: boolean;
  sessionRevoked: boolean;
  sessionExpired: boolean;
  used: boolean;
  /** Seconds since the first use; null when it was not used. */
  usedSecondsAgo: number | null;
  usedByClient: string | null;
}

/** Locks the session, so that two uses of one token come one after the other. */
export async function lockRefreshToken(tx: Tx, tokenHash: Buffer): Promise<RefreshTokenState | null> {
  const { rows } = await sql<RefreshTokenState>`
    with session as (
      select sessions.* from sessions
      where id = (select session_id from refresh_tokens where token_hash = ${tokenHash}) for update
    )
    select session.id as "sessionId" from session`.execute(tx.sql);
  if (!rows[0]) return null;
  // Read after the lock is held: the statement above may have seen the row as it was before the other use.
  const states = await sql<RefreshTokenState>`
    select sessions.id as "sessionId", users.id as "userId", users.status = 'active' as active,
      sessions.revoked_at is not null as "sessionRevoked", sessions.expires_at <= now() as "sessionExpired",
      used_at is not null as used, extract(epoch from clock_timestamp() - used_at)::float8 as "usedSecondsAgo",
      used_by_client as "usedByClient"
    from refresh_tokens join sessions on sessions.id = session_id join users on users.id = user_id
    where token_hash = ${tokenHash}`.execute(tx.sql);
  return states.rows[0] ?? null;
}

/** Marks the token used and adds its successor to the family. */
export async function rotateRefreshToken(
  tx: Tx,
  rotation: { sessionId: string; tokenHash: Buffer; successorHash: Buffer; client: string },
): Promise<void> {
  await sql`
    with used as (
      update refresh_tokens set used_at = clock_timestamp(), used_by_client = ${rotation.client}
      where token_hash = ${rotation.tokenHash}
    ), session as (
      update sessions set last_used_at = now() where id = ${rotation.sessionId}
    )
    insert into refresh_tokens (token_hash, session_id) values (${rotation.successorHash}, ${rotation.sessionId})`.execute(
    tx.sql,
  );
}
