import { type RawBuilder, sql } from 'kysely';
import type { Reader, Tx } from './db.ts';
import { fail } from './errors.ts';
import { gathered, perReader } from './gathered.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { Account } from './users.ts';

/** An API key as its owner sees it; the secret is not in it. */
export interface ApiKey {
  id: string;
  name: string;
  /** The part of the key that may be shown, to tell keys apart. */
  keyId: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export async function insertApiKey(
  tx: Tx,
  key: {
    id: string;
    ownerId: string;
    userId: string;
    name: string;
    keyId: string;
    secretHash: Buffer;
    scopes: string[];
    expiresAt: Date | null;
  },
): Promise<ApiKey> {
  const row = await tx.sql
    .insertInto('api_keys')
    .values({
      id: key.id,
      owner_id: key.ownerId,
      created_by: key.userId,
      name: key.name,
      key_id: key.keyId,
      secret_hash: key.secretHash,
      scopes: key.scopes,
      expires_at: key.expiresAt,
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

const shown = [
  'id',
  'name',
  'key_id',
  'scopes',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const;

export interface ApiKeyState {
  id: string;
  account: Account;
  scopes: string[];
  secretHash: Buffer;
  revoked: boolean;
  expired: boolean;
  /** True when the last use was noted more than a minute ago. */
  lastUseIsOld: boolean;
}

type ApiKeyRow = Account & Omit<ApiKeyState, 'account'> & { keyId: string };

/** The one query of a request with an API key: by the shown part of the key, or by the row's id. */
export async function findApiKey(
  read: Reader,
  by: { keyId: string } | { id: string },
): Promise<ApiKeyState | null> {
  const lookUps = lookUpsOf(read);
  const row = await ('keyId' in by ? lookUps.byKeyId(by.keyId) : lookUps.byId(by.id));
  if (!row) return null;
  const { id, keyId: _keyId, scopes, secretHash, revoked, expired, lastUseIsOld, ...account } = row;
  return { id, account, scopes, secretHash, revoked, expired, lastUseIsOld };
}

/** Many requests at a time ask for few keys. */
const lookUpsOf = perReader((read) => ({
  byKeyId: gathered((keys) => loadApiKeys(read, sql`api_keys.key_id = any(${keys}::text[])`, 'keyId')),
  byId: gathered((ids) => loadApiKeys(read, sql`api_keys.id = any(${ids}::uuid[])`, 'id')),
}));

async function loadApiKeys(
  read: Reader,
  condition: RawBuilder<unknown>,
  key: 'id' | 'keyId',
): Promise<Map<string, ApiKeyRow>> {
  const { rows } = await sql<ApiKeyRow>`
    select api_keys.id, api_keys.key_id as "keyId", users.id as "userId", owners.id as "ownerId",
      projects.id as "projectId", users.roles, owners.tier, users.status = 'active' as active, api_keys.scopes,
      api_keys.secret_hash as "secretHash", api_keys.revoked_at is not null as revoked,
      coalesce(api_keys.expires_at <= now(), false) as expired,
      coalesce(api_keys.last_used_at < now() - interval '1 minute', true) as "lastUseIsOld"
    from api_keys
    join users on users.id = api_keys.created_by
    join owners on owners.id = api_keys.owner_id
    join projects on projects.owner_id = owners.id and projects.is_default
    where ${condition}`.execute(read);
  return new Map(rows.map((row) => [row[key], row]));
}

/** Notes a use, at most once a minute whatever the number of processes. */
export async function touchApiKey(read: Reader, id: string): Promise<void> {
  await sql`
    update api_keys set last_used_at = now()
    where id = ${id} and coalesce(last_used_at < now() - interval '1 minute', true)`.execute(read);
}

/** Keys that are in use: neither revoked nor expired. */
export async function countApiKeys(tx: Tx, ownerId: string): Promise<number> {
  const { count } = await tx.sql
    .selectFrom('api_keys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', sql<Date>`now()`)]))
    .executeTakeFirstOrThrow();
  return count;
}

export async function listApiKeys(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<ApiKey>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('api_keys')
    .select(shown)
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toApiKey);
}

/**
 * Ends the key. Its live connections are told, in every process.
 * @returns false when it was revoked before
 * @throws AppError `not-found`, for a stranger's key too
 */
export async function revokeApiKey(tx: Tx, ownerId: string, id: string): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('api_keys')
    .select('revoked_at')
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'API key', id });
  if (row.revoked_at) return false;
  await tx.sql.updateTable('api_keys').set({ revoked_at: new Date() }).where('id', '=', id).execute();
  tx.changedSubjects.add(id);
  return true;
}

function toApiKey(row: {
  id: string;
  name: string;
  key_id: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}): ApiKey {
  return {
    id: row.id,
    name: row.name,
    keyId: row.key_id,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
