import { sql } from 'kysely';
import { json, type Reader, type Tx } from './db.ts';

/** A key that signs access tokens. The private half is sealed by the key-encryption key. */
export interface SigningKey {
  kid: string;
  publicJwk: Record<string, unknown>;
  privateSealed: unknown;
  /** A retired key signs no more; its tokens stay valid until they expire. */
  retired: boolean;
}

/** Newest first. */
export async function listSigningKeys(read: Reader): Promise<SigningKey[]> {
  const rows = await read.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').execute();
  return rows.map((row) => ({
    kid: row.kid,
    publicJwk: row.public_jwk as Record<string, unknown>,
    privateSealed: row.private_sealed,
    retired: row.retired_at !== null,
  }));
}

/** Lets one process at a time make the first key. Held to the end of the transaction. */
export async function lockSigningKeys(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(4280002)`.execute(tx.sql);
}

export async function insertSigningKey(
  tx: Tx,
  key: { kid: string; algorithm: string; publicJwk: object; privateSealed: object },
): Promise<void> {
  await tx.sql
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      algorithm: key.algorithm,
      public_jwk: json(key.publicJwk),
      private_sealed: json(key.privateSealed),
    })
    .execute();
}
