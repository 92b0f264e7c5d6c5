import { sql } from 'kysely';
import type { Hex } from '../chain/types.ts';
import { invariant } from '../lib/invariant.ts';
import type { Reader, Tx } from './db.ts';
import { fail } from './errors.ts';

/** What is recorded of an address on a chain, in the chain's current epoch. */
export interface NonceAccount {
  chainId: number;
  epoch: number;
  address: Hex;
  /** The nonce that the next transaction gets, unless the chain is further. */
  nextNonce: number;
  /** Why nothing is signed; null when there is no reason. */
  frozenReason: string | null;
}

/** Accounts of a chain, or of an address on every chain. */
export async function findNonceAccounts(
  read: Reader,
  where: { chainId?: number; address?: string },
): Promise<NonceAccount[]> {
  const rows = await read
    .selectFrom('nonce_accounts')
    .innerJoin('chains', (join) =>
      join
        .onRef('chains.chain_id', '=', 'nonce_accounts.chain_id')
        .onRef('chains.epoch', '=', 'nonce_accounts.epoch'),
    )
    .select([
      'nonce_accounts.chain_id',
      'nonce_accounts.epoch',
      'nonce_accounts.address',
      'next_nonce',
      'frozen_reason',
    ])
    .$if(where.chainId !== undefined, (query) =>
      query.where('nonce_accounts.chain_id', '=', where.chainId as number),
    )
    .$if(where.address !== undefined, (query) =>
      query.where('nonce_accounts.address', '=', where.address as string),
    )
    .orderBy('nonce_accounts.chain_id')
    .orderBy('nonce_accounts.address')
    .execute();
  return rows.map((row) => ({
    chainId: row.chain_id,
    epoch: row.epoch,
    address: row.address as Hex,
    nextNonce: row.next_nonce,
    frozenReason: row.frozen_reason,
  }));
}

/** Addresses of an owner's signers that sign nothing on a chain, and why. */
export async function findFrozen(
  read: Reader,
  where: { ownerId: string; chainId: number },
): Promise<{ address: Hex; reason: string }[]> {
  const { rows } = await sql<{ address: Hex; reason: string }>`
    select address, frozen_reason as reason from nonce_accounts join chains using (chain_id, epoch)
    where chain_id = ${where.chainId} and frozen_reason is not null
      and exists (select from signers where signers.address = nonce_accounts.address
        and owner_id = ${where.ownerId} and deleted_at is null)`.execute(read);
  return rows;
}

type AccountKey = Pick<NonceAccount, 'chainId' | 'address'>;

/** Signs nothing with the address on this chain from now on. The first reason stays. */
export async function freezeAccount(tx: Tx, { chainId, address }: AccountKey, reason: string): Promise<void> {
  await sql`update nonce_accounts set frozen_reason = ${reason}, frozen_at = now()
    from chains where chains.chain_id = ${chainId} and nonce_accounts.chain_id = chains.chain_id
      and nonce_accounts.epoch = chains.epoch and address = ${address} and frozen_reason is null`.execute(
    tx.sql,
  );
}

/** Lets it sign again. */
export async function thawAccount(tx: Tx, account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>) {
  await tx.sql
    .updateTable('nonce_accounts')
    .set({ frozen_reason: null, frozen_at: null })
    .where('chain_id', '=', account.chainId)
    .where('epoch', '=', account.epoch)
    .where('address', '=', account.address)
    .execute();
}

/** Takes over what the chain says: the next nonce is no lower than this. */
export async function raiseNonce(
  tx: Tx,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>,
  atLeast: number,
): Promise<void> {
  await sql`update nonce_accounts set next_nonce = greatest(next_nonce, ${atLeast})
    where chain_id = ${account.chainId} and epoch = ${account.epoch} and address = ${account.address}`.execute(
    tx.sql,
  );
}

/** Deployments whose nonce lies under `below` and of which the chain has not had its last word. */
export async function openBelow(
  read: Reader,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>,
  below: number,
): Promise<{ deploymentId: string; nonce: number; hashes: Hex[] }[]> {
  const result = await sql<{ id: string; nonce: number; hashes: Hex[] }>`
    select deployment_id as id, nonce, array_agg(hash order by transactions.created_at) as hashes
    from transactions join deployments on deployments.id = deployment_id
    where transactions.chain_id = ${account.chainId} and epoch = ${account.epoch}
      and transactions.address = ${account.address} and nonce < ${below}
      and deployments.state in ('signed', 'broadcast')
    group by 1, 2 order by 2`.execute(read);
  return result.rows.map(({ id, nonce, hashes }) => ({ deploymentId: id, nonce, hashes }));
}

/**
 * The lowest nonce from `used` on that no bytes of ours are for although a later one is given out.
 * @param used the chain's own count: everything below is mined
 */
export async function findGap(
  read: Reader,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>,
  used: number,
): Promise<number | null> {
  const result = await sql<{ gap: number | null }>`
    select min(slot)::float8 as gap from generate_series(${used}::bigint,
      (select next_nonce - 1 from nonce_accounts where chain_id = ${account.chainId}
        and epoch = ${account.epoch} and address = ${account.address})) as slots (slot)
    where not exists (select from transactions where chain_id = ${account.chainId} and epoch = ${account.epoch}
      and address = ${account.address} and nonce = slot)`.execute(read);
  return result.rows[0]?.gap ?? null;
}

/**
 * Notes a gap, or that there is none, and says for how long it has been there.
 * @returns seconds since the same gap was first noted; 0 when there is none
 */
export async function noteGap(
  tx: Tx,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>,
  gap: number | null,
): Promise<number> {
  const result = await sql<{ seconds: number | null }>`
    update nonce_accounts set gap_nonce = ${gap},
      gap_since = case when ${gap}::bigint is null then null when gap_nonce = ${gap} then gap_since else now() end
    where chain_id = ${account.chainId} and epoch = ${account.epoch} and address = ${account.address}
      and (gap_nonce is not null or ${gap}::bigint is not null)
    returning extract(epoch from now() - gap_since)::float8 as seconds`.execute(tx.sql);
  return result.rows[0]?.seconds ?? 0;
}

/** Bytes that fill gaps and that the chain has not taken, newest first. */
export async function openFillers(
  read: Reader,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>,
  used: number,
): Promise<{ nonce: number; raw: Hex }[]> {
  const rows = await read
    .selectFrom('transactions')
    .select(['nonce', 'raw'])
    .where('chain_id', '=', account.chainId)
    .where('epoch', '=', account.epoch)
    .where('address', '=', account.address)
    .where('kind', '=', 'fill')
    .where('nonce', '>=', used)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(({ nonce, raw }) => ({ nonce, raw: raw as Hex }));
}

/**
 * Claims a nonce that was chosen elsewhere, and locks the account until the transaction ends: the next one that is given out
 * is a later one. The chain is known (`recordChain`).
 *
 * @returns the chain's epoch
 * @throws AppError `nonce-taken` where it is another deployment's
 */
export async function claimNonce(
  tx: Tx,
  claim: { chainId: number; address: string; nonce: number; deploymentId: string },
): Promise<number> {
  const { chainId, address, nonce, deploymentId } = claim;
  const { rows } = await sql<{ epoch: number }>`
    insert into nonce_accounts as account (chain_id, epoch, address, next_nonce)
    select chain_id, epoch, ${address}, ${nonce + 1} from chains where chain_id = ${chainId}
    on conflict (chain_id, epoch, address) do update
      set next_nonce = greatest(account.next_nonce, excluded.next_nonce)
    returning epoch`.execute(tx.sql);
  const epoch = rows[0]?.epoch;
  invariant(epoch !== undefined, 'a chain that was recorded is known');
  // In a statement of its own: what was committed while the account was waited for is seen.
  const other = await tx.sql
    .selectFrom('transactions')
    .select('id')
    .where('chain_id', '=', chainId)
    .where('epoch', '=', epoch)
    .where('address', '=', address)
    .where('nonce', '=', nonce)
    .where(sql<boolean>`deployment_id is distinct from ${deploymentId}`)
    .limit(1)
    .executeTakeFirst();
  if (other) throw fail('nonce-taken', { nonce, address });
  return epoch;
}

/**
 * What was signed for an address within 24 hours, at its highest cost: of several sets of bytes for one nonce the dearest
 * counts. Locks the account until the transaction ends, so that nobody signs meanwhile.
 *
 * @param account.except a nonce that is left out
 * @returns wei
 */
export async function spentOfLate(
  tx: Tx,
  account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'> & { except: number },
): Promise<bigint> {
  // In a statement of its own: one that waited for the lock would sum what there was when it began.
  await sql`select from nonce_accounts where chain_id = ${account.chainId} and epoch = ${account.epoch}
    and address = ${account.address} for update`.execute(tx.sql);
  const { rows } = await sql<{ spent: string }>`
    with costs as (
      select max(cost_max_wei::numeric) as cost from transactions
      where chain_id = ${account.chainId} and epoch = ${account.epoch} and address = ${account.address}
        and created_at > now() - interval '24 hours' and nonce <> ${account.except} group by nonce
    )
    select coalesce(sum(cost), 0)::text as spent from costs`.execute(tx.sql);
  return BigInt(rows[0]?.spent ?? 0);
}
