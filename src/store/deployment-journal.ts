import type { Message } from '../deploy/messages.ts';
import { terminalStatuses } from '../deploy/reduce.ts';
import type { DeployState } from '../deploy/types.ts';
import { bound, json, type Tx } from './db.ts';
import { fail } from './errors.ts';

/** The lease under which a worker writes. */
export interface Held {
  jobId: string;
  fence: number;
  /** A job that somebody cancelled may write nothing while nothing is signed. */
  unsigned: boolean;
}

/**
 * What a write is bound to: `held` by a job that runs, or the `end` of the job, which the same transaction has written
 * before.
 */
export type WrittenAt = 'held' | 'end';

export interface NewFacts {
  id: string;
  held: Held;
  /** How many facts the writer knows. */
  after: number;
  messages: readonly Message[];
  state: DeployState;
  /** What followers are told of each. */
  events: readonly Record<string, unknown>[];
  at: WrittenAt;
}

/**
 * `lost`: the job is another worker's by now, or has ended. `cancelled`: somebody cancelled it before the signature.
 * `behind`: the journal has facts that the writer does not know. Nothing was written in any of these.
 */
export type Written = 'written' | 'lost' | 'cancelled' | 'behind';

/**
 * Appends facts to the journal, writes the state they add up to onto the row, and an event for each, under the lease of
 * the worker's job: one statement, as a deployment is little else than this. The state was folded from what the writer
 * had read, so nothing may have come in between: two jobs on one deployment, each with a lease of its own, cannot write
 * over one another.
 *
 * @returns what became of it, and whether the owner has a webhook that may want to hear of it
 */
export async function appendFacts(
  tx: Tx,
  facts: NewFacts,
): Promise<{ written: Written; hasReceivers: boolean }> {
  const [row] = await sendFacts(tx, facts);
  const written = row?.written ? 'written' : row?.cancel ? 'cancelled' : row?.held ? 'behind' : 'lost';
  return { written, hasReceivers: row?.heard ?? false };
}

/**
 * The same at the end of a job that ends quietly, only sent. Where the job has not ended before in this transaction
 * nothing is written; where it has and the journal is `behind`, the transaction fails.
 */
export function sendLastFacts(tx: Tx, facts: NewFacts): void {
  // Whatever goes wrong with it the transaction says.
  sendFacts(tx, { ...facts, at: 'end' }).catch(() => {});
}

type Answer = { held: boolean; cancel: boolean; written: boolean; heard: boolean };

function sendFacts(tx: Tx, { id, held, after, messages, state, events, at }: NewFacts): Promise<Answer[]> {
  const { attempts, mined } = state;
  tx.changedSubjects.add(id);
  return tx.send<Answer>(
    bound(at === 'held' ? append : appendAtEnd, [
      held.jobId,
      held.fence,
      held.unsigned,
      id,
      after,
      messages.length,
      state.status,
      state.address,
      mined?.hash ?? attempts.at(-1)?.hash ?? null,
      mined ? Number(mined.blockNumber) : null,
      mined?.blockHash ?? null,
      mined?.gasUsed ?? null,
      state.costPaid,
      state.codeMatches,
      json(detailOf(state)),
      state.error ? json(state.error) : null,
      terminalStatuses.includes(state.status) ? new Date() : null,
      messages.map((message) => json(message)),
      messages.map(({ kind }) => kind),
      events.map((event) => json({ ...event, status: state.status })),
    ]),
  );
}

const append = `with held as materialized (
    select cancel_requested_at is not null and $3::boolean as cancel from jobs
    where id = $1 and fence = $2 and state = 'running' for update
  ), moved as (
    update deployments set state = $7, address = $8, transaction_hash = $9, block_number = $10, block_hash = $11,
      gas_used = $12, cost_wei = $13, code_matches = $14, detail = $15, error = $16, completed_at = $17,
      journal_seq = journal_seq + $6::integer, event_seq = event_seq + $6::integer
    where id = $4 and journal_seq = $5 and (select not cancel from held)
    returning owner_id, event_seq - $6::integer as seq
  ), facts as (
    insert into deployment_journal (deployment_id, seq, message, fence)
    select $4, $5::integer + at, message::jsonb, $2 from moved, unnest($18::text[]) with ordinality as fact (message, at)
  ), told as (
    insert into events (subject_id, seq, owner_id, type, data)
    select $4, moved.seq + at, owner_id, type, data::jsonb
    from moved, unnest($19::text[], $20::text[]) with ordinality as event (type, data, at)
  )
  select exists (select from held) as held, coalesce((select cancel from held), false) as cancel,
    exists (select from moved) as written,
    exists (select from webhooks join moved using (owner_id) where deleted_at is null and disabled_at is null) as heard`;

/** A division by zero undoes an end whose facts would be missing. */
const appendAtEnd = append
  .replace("state = 'running' for update", "state in ('succeeded', 'failed')")
  .replace(
    'as written,',
    'as written, 1 / (case when exists (select from held) and not exists (select from moved) then 0 else 1 end),',
  );

/** What of the state has no column of its own. */
function detailOf(state: DeployState) {
  return {
    nonce: state.nonce,
    predictedAddress: state.predictedAddress,
    estimate: state.estimate,
    attempts: state.attempts.map(({ hash, fees, gasLimit, reason, empty, signedAt }) => ({
      ...{ hash, fees, gasLimit, reason, empty, signedAt },
    })),
    stuck: state.stuck,
    source: state.source,
    events: state.events,
  };
}

/** What became of a look at the nonces: `unknown` where the chain was not seen with this genesis before. */
export type TakenNonce =
  | { taken: 'nonce'; epoch: number; nonce: number }
  | { taken: 'lost' | 'cancelled' | 'unknown' };

/** The nonces of an address on a chain, as far as the chain tells. */
export interface NonceSource {
  chainId: number;
  genesisHash: string;
  address: string;
  /** The chain's own transaction count: the address may have been used before we knew it. */
  atLeast: number;
}

/**
 * Takes the next nonces of (chain, address), one for each job that still holds its lease and was not cancelled, and locks
 * the account's row until the transaction ends: one serial sender per address, whatever the number of workers. On the
 * chain with this genesis: one statement.
 *
 * @returns what became of each job's, in their order
 * @throws AppError `signer-frozen`; nothing is taken then
 */
export async function takeNoncesHeld(
  tx: Tx,
  jobs: readonly Held[],
  account: NonceSource,
): Promise<TakenNonce[]> {
  const { chainId, genesisHash, address, atLeast } = account;
  const rows = await tx.send<{
    place: number;
    cancel: boolean;
    epoch: number | null;
    first: number | null;
    frozen: string | null;
  }>(
    bound(take, [
      jobs.map(({ jobId }) => jobId),
      jobs.map(({ fence }) => fence),
      jobs.map(({ unsigned }) => unsigned),
      ...[chainId, genesisHash, address, atLeast],
    ]),
  );
  const frozen = rows.find((row) => row.frozen !== null)?.frozen;
  if (frozen) throw fail('signer-frozen', { address, reason: frozen });
  let given = 0;
  return jobs.map((_, at) => {
    const row = rows.find(({ place }) => place === at + 1);
    if (!row) return { taken: 'lost' };
    if (row.cancel) return { taken: 'cancelled' };
    if (row.epoch === null || row.first === null) return { taken: 'unknown' };
    given += 1;
    return { taken: 'nonce', epoch: row.epoch, nonce: row.first + given - 1 };
  });
}

/**
 * Jobs are locked in the order of their ids, as by the heartbeat. The lock on the chain is a shared one, so that signers
 * of one chain do not wait for each other's commits.
 */
const take = `with held as materialized (
    select given.place, given.unsigned and held.cancel_requested_at is not null as cancel
    from (
      select * from unnest($1::uuid[], $2::bigint[], $3::boolean[])
        with ordinality as given (id, fence, unsigned, place) order by id
    ) as given cross join lateral (
      select cancel_requested_at from jobs
      where jobs.id = given.id and jobs.fence = given.fence and jobs.state = 'running' for update
    ) as held
  ), wanted as (
    select count(*) as count from held where not cancel
  ), chain as materialized (
    select chain_id, epoch from chains where chain_id = $4 and genesis_hash = $5 for share
  ), slot as (
    insert into nonce_accounts as account (chain_id, epoch, address, next_nonce)
    select chain_id, epoch, $6, $7::bigint + count from chain cross join wanted where count > 0
    on conflict (chain_id, epoch, address) do update
      set next_nonce = greatest(account.next_nonce, $7::bigint) + (excluded.next_nonce - $7::bigint)
    returning epoch, next_nonce, frozen_reason
  )
  select held.place::integer, held.cancel, slot.epoch, slot.next_nonce - wanted.count as first,
    slot.frozen_reason as frozen
  from held cross join wanted left join slot on true`;
