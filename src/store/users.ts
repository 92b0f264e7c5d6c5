import type { Reader, Tx } from './db.ts';
import type { Tier } from './owners.ts';

/** What every request needs to know about who makes it. */
export interface Account {
  userId: string;
  ownerId: string;
  /** The owner's default project. */
  projectId: string;
  roles: string[];
  tier: Tier;
  active: boolean;
}

/** An account as its user sees it. */
export interface Profile {
  id: string;
  ownerId: string;
  projectId: string;
  /** Null for the local owner, who has no password either. */
  email: string | null;
  name: string;
  roles: string[];
  tier: Tier;
  createdAt: string;
}

/** @returns false when the e-mail address is taken */
export async function insertUser(
  tx: Tx,
  user: {
    id: string;
    ownerId: string;
    email: string | null;
    name: string;
    passwordHash: string | null;
    roles: string[];
  },
): Promise<boolean> {
  const inserted = await tx.sql
    .insertInto('users')
    .values({
      id: user.id,
      owner_id: user.ownerId,
      email: user.email,
      name: user.name,
      password_hash: user.passwordHash,
      roles: user.roles,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** For the login only. @param email in lower case */
export async function findLogin(
  read: Reader,
  email: string,
): Promise<{ userId: string; passwordHash: string | null; active: boolean } | null> {
  const row = await read
    .selectFrom('users')
    .select(['id', 'password_hash', 'status'])
    .where('email', '=', email)
    .executeTakeFirst();
  return row ? { userId: row.id, passwordHash: row.password_hash, active: row.status === 'active' } : null;
}

/** @returns null for an account that has no password */
export async function findPasswordHash(read: Reader, userId: string): Promise<string | null> {
  const row = await read
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return row.password_hash;
}

export async function getAccount(read: Reader, userId: string): Promise<Account> {
  const row = await accountQuery(read).where('users.id', '=', userId).executeTakeFirstOrThrow();
  return {
    userId: row.id,
    ownerId: row.ownerId,
    projectId: row.projectId,
    roles: row.roles,
    tier: row.tier as Tier,
    active: row.status === 'active',
  };
}

export async function getProfile(read: Reader, userId: string): Promise<Profile> {
  const {
    status: _,
    createdAt,
    ...row
  } = await accountQuery(read)
    .select(['users.email', 'users.name', 'users.created_at as createdAt'])
    .where('users.id', '=', userId)
    .executeTakeFirstOrThrow();
  return { ...row, tier: row.tier as Tier, createdAt: createdAt.toISOString() };
}

function accountQuery(read: Reader) {
  return read
    .selectFrom('users')
    .innerJoin('owners', 'owners.id', 'users.owner_id')
    .innerJoin('projects', (join) =>
      join.onRef('projects.owner_id', '=', 'owners.id').on('projects.is_default', '=', true),
    )
    .select([
      'users.id',
      'users.owner_id as ownerId',
      'projects.id as projectId',
      'users.roles',
      'owners.tier',
      'users.status',
    ]);
}
