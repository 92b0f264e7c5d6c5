import { type Selectable, sql } from 'kysely';
import type { Hex, StoredKey } from '../chain/types.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { SignersTable } from './schema.ts';

/** How keys are kept: each is a custody of the chain room. */
export const signerKinds = ['local', 'aws-kms', 'vault', 'external'] as const;
export type SignerKind = (typeof signerKinds)[number];

/** What a signer may do; what is absent has no limit. Amounts are wei as decimal strings. */
export interface SignerPolicy {
  /** Names of the networks that it may be used on. */
  networks?: string[] | undefined;
  maxFeePerGas?: string | undefined;
  /** On each network, in its own coin: what was signed within 24 hours, at its highest cost. */
  spendPerDay?: string | undefined;
}

/** A key that can sign, without the key. */
export interface SignerRecord {
  id: string;
  name: string;
  kind: SignerKind;
  address: Hex;
  /** Of a key that is kept elsewhere; null where the platform made it. */
  keyId: string | null;
  /** Made by the platform for the local chain, funded there with play money; refused on other networks. */
  isDevelopment: boolean;
  policy: SignerPolicy;
  createdAt: string;
}

export async function insertSigner(
  tx: Tx,
  signer: Ownership & {
    id: string;
    name: string;
    kind: SignerKind;
    address: Hex;
    storedKey: StoredKey;
    isDevelopment: boolean;
  },
): Promise<void> {
  await tx.sql
    .insertInto('signers')
    .values({
      id: signer.id,
      owner_id: signer.ownerId,
      created_by: signer.userId,
      name: signer.name,
      kind: signer.kind,
      address: signer.address,
      sealed_key: json(signer.storedKey),
      is_development: signer.isDevelopment,
    })
    .execute();
}

/**
 * Finds a signer by id, by name, or, when nothing is asked for, the owner's development signer.
 * @returns null when the owner has no such signer
 */
export async function findSigner(
  read: Reader,
  ownerId: string,
  which?: string,
): Promise<SignerRecord | null> {
  const rows = await read
    .selectFrom('signers')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  const row =
    which === undefined
      ? rows.find((candidate) => candidate.is_development)
      : rows.find((candidate) => candidate.id === which || candidate.name === which);
  return row ? toSigner(row) : null;
}

/** A key of this address that can be used here, whoever's it is: for nonces that have to be filled. @returns null when there is none */
export async function findKeyOfAddress(
  read: Reader,
  address: string,
): Promise<{ id: string; ownerId: string; createdBy: string; kind: string; storedKey: StoredKey } | null> {
  const row = await read
    .selectFrom('signers')
    .select(['id', 'owner_id', 'created_by', 'kind', 'sealed_key'])
    .where('address', '=', address)
    .where('kind', '<>', 'external')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirst();
  if (!row) return null;
  const { id, kind } = row;
  return {
    id,
    ownerId: row.owner_id,
    createdBy: row.created_by,
    kind,
    storedKey: row.sealed_key as StoredKey,
  };
}

/** @throws AppError `not-found`, for a stranger's signer too */
export async function getSigner(read: Reader, ownerId: string, id: string): Promise<SignerRecord> {
  const signer = await findSigner(read, ownerId, id);
  if (!signer) throw fail('not-found', { what: 'signer', id });
  return signer;
}

export async function listSigners(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<SignerRecord>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('signers')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toSigner);
}

function toSigner(row: Selectable<SignersTable>): SignerRecord {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as SignerKind,
    address: row.address as Hex,
    keyId: keyIdOf(row.sealed_key as StoredKey),
    isDevelopment: row.is_development,
    policy: row.policy as SignerPolicy,
    createdAt: row.created_at.toISOString(),
  };
}

/** @returns the id of a key that is kept elsewhere */
export function keyIdOf(key: StoredKey): string | null {
  if ('path' in key) return key.path;
  return 'keyId' in key ? key.keyId : null;
}

/** Replaces what a signer may do. */
export async function setSignerPolicy(tx: Tx, id: string, policy: SignerPolicy): Promise<void> {
  await tx.sql
    .updateTable('signers')
    .set({ policy: json(policy) })
    .where('id', '=', id)
    .execute();
}

/** @returns what the row has of a signer's key; null when the owner has no such signer */
export async function findStoredKey(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<{ name: string; kind: string; storedKey: StoredKey } | null> {
  const row = await read
    .selectFrom('signers')
    .select(['name', 'kind', 'sealed_key'])
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row ? { name: row.name, kind: row.kind, storedKey: row.sealed_key as StoredKey } : null;
}

/** @returns whether anything is sealed under a master key: keys of signers, of webhooks, of tokens */
export async function hasSealedKeys(read: Reader): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from signers where kind = 'local') or exists (select from webhooks)
      or exists (select from signing_keys) as found`.execute(read);
  return rows[0]?.found ?? false;
}
