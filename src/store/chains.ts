import { sql } from 'kysely';
import type { Hex } from '../chain/types.ts';
import type { Reader, Tx } from './db.ts';

/** A chain as we saw it first. */
export interface KnownChain {
  chainId: number;
  epoch: number;
  genesisHash: Hex;
}

export async function findChain(read: Reader, chainId: number): Promise<KnownChain | null> {
  const row = await read.selectFrom('chains').selectAll().where('chain_id', '=', chainId).executeTakeFirst();
  return row ? { chainId: row.chain_id, epoch: row.epoch, genesisHash: row.genesis_hash as Hex } : null;
}

/**
 * Remembers the chain's genesis. A local chain that was made anew has another one: then the epoch rises, and the
 * nonces of the old chain rest. The epoch stays as it is until the transaction ends; the lock is a shared one, so that
 * signers of one chain do not wait for each other's commits.
 * @returns whether the chain was replaced since it was last seen
 */
export async function recordChain(tx: Tx, chainId: number, genesisHash: Hex): Promise<{ replaced: boolean }> {
  const same = await tx.sql
    .selectFrom('chains')
    .select('epoch')
    .where('chain_id', '=', chainId)
    .where('genesis_hash', '=', genesisHash)
    .forShare()
    .executeTakeFirst();
  if (same) return { replaced: false };
  const result = await sql<{ epoch: number; replaced: boolean }>`
    insert into chains (chain_id, genesis_hash) values (${chainId}, ${genesisHash})
    on conflict (chain_id) do update set
      epoch = chains.epoch + (chains.genesis_hash <> excluded.genesis_hash)::int,
      genesis_hash = excluded.genesis_hash, seen_at = now()
    returning epoch, (old.genesis_hash is not null and old.genesis_hash <> new.genesis_hash) as replaced`.execute(
    tx.sql,
  );
  return { replaced: result.rows[0]?.replaced ?? false };
}

/** The nonce that a deployment has, and in which epoch of its chain. @throws Error when nothing is signed for it */
export async function slotOf(read: Reader, deploymentId: string): Promise<{ epoch: number; nonce: number }> {
  const row = await read
    .selectFrom('transactions')
    .select(['epoch', 'nonce'])
    .where('deployment_id', '=', deploymentId)
    .where('kind', '=', 'create')
    .executeTakeFirstOrThrow();
  return { epoch: row.epoch, nonce: row.nonce };
}

/** The deployments that hold the nonces from `from` on, in the current epoch: those a chain that went back has lost. */
export async function deploymentsFromNonce(
  read: Reader,
  account: { chainId: number; address: string; from: number },
): Promise<string[]> {
  const rows = await read
    .selectFrom('transactions')
    .innerJoin('chains', (join) =>
      join
        .onRef('chains.chain_id', '=', 'transactions.chain_id')
        .onRef('chains.epoch', '=', 'transactions.epoch'),
    )
    .select('transactions.deployment_id')
    .distinct()
    .where('transactions.chain_id', '=', account.chainId)
    .where('transactions.address', '=', account.address)
    .where('transactions.nonce', '>=', account.from)
    .where('transactions.deployment_id', 'is not', null)
    .execute();
  return rows.flatMap((row) => row.deployment_id ?? []);
}
