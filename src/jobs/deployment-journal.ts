import { announce } from '../actions/announce.ts';
import { recordAudit } from '../actions/perform.ts';
import type { Platform } from '../actions/platform.ts';
import { verifyConfirmed } from '../actions/request-verification.ts';
import { deploymentEvents } from '../actions/webhook-events.ts';
import type { Hex } from '../chain/types.ts';
import { type Message, publicFact } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import type { Journal } from '../deploy/types.ts';
import { invariant } from '../lib/invariant.ts';
import type { ClaimedJob } from '../queue/claim.ts';
import { CancelledError, LeaseLostError } from '../queue/errors.ts';
import { holdLease } from '../queue/lease.ts';
import type { JobControl } from '../queue/worker.ts';
import { recordChain, slotOf } from '../store/chains.ts';
import type { Tx } from '../store/db.ts';
import { appendFacts, takeNonceHeld, type Written } from '../store/deployment-journal.ts';
import { type DeploymentWork, insertTransaction } from '../store/deployments.ts';
import { freezeAccount } from '../store/nonce-accounts.ts';

/**
 * The machine's durable memory. Every write holds the job's lease, so a worker that lost it, or whose deployment was
 * cancelled before the signature, can neither write nor send.
 */
export function createJournal(
  platform: Platform,
  job: ClaimedJob,
  context: { work: DeploymentWork; genesis: () => Hex | undefined; log: JobControl['log'] },
) {
  const { work } = context;
  const messages = [...work.messages];

  async function append(tx: Tx, facts: Message[]): Promise<void> {
    const { written, hasReceivers } = await appendFacts(tx, {
      id: work.id,
      held: held(),
      after: messages.length,
      messages: facts,
      state: reduceAll([...messages, ...facts]),
      events: facts.map(publicFact),
    });
    refuse(written);
    if (facts.some((fact) => fact.kind === 'confirmed')) await verifyConfirmed(platform, tx, { job, work });
    const usedElsewhere = facts.find(
      (fact) => fact.kind === 'failed' && fact.error.code === 'nonce-used-elsewhere',
    );
    if (usedElsewhere?.kind === 'failed') {
      await freezeAccount(tx, { ...work.plan, address: work.plan.from }, usedElsewhere.error.message);
    }
    if (!hasReceivers) return;
    const { ownerId, pipelineId, requestId } = job;
    const which = { id: work.id, network: work.network, chainId: work.plan.chainId, pipelineId };
    const events = deploymentEvents(which, reduceAll(messages), facts);
    await announce(tx, { ownerId, requestId, events });
  }

  const held = () => ({
    jobId: job.id,
    fence: job.fence,
    unsigned: reduceAll(messages).attempts.length === 0,
  });

  function refuse(written: Written): void {
    if (written === 'cancelled') throw new CancelledError('cancelled');
    if (written === 'lost') throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
    if (written === 'behind') throw new LeaseLostError(`another job works on deployment ${work.id}`);
  }

  /** The next nonce, on the chain that was asked for its genesis. */
  async function take(tx: Tx, atLeast: number): Promise<{ epoch: number; nonce: number }> {
    const genesisHash = context.genesis();
    invariant(genesisHash, 'the chain was asked for its genesis before anything is signed');
    const { chainId, from: address } = work.plan;
    const account = { chainId, genesisHash, address, atLeast };
    let taken = await takeNonceHeld(tx, held(), account);
    if (taken.taken === 'unknown') {
      await recordChain(tx, chainId, genesisHash);
      taken = await takeNonceHeld(tx, held(), account);
    }
    if (taken.taken === 'nonce') return taken;
    invariant(taken.taken !== 'unknown', 'a chain that was recorded is known');
    refuse(taken.taken);
    throw new LeaseLostError(`job ${job.id} is no longer this worker's`);
  }

  /** The signed bytes, under their nonce, and that the key was used for them. */
  async function recordBytes(
    tx: Tx,
    { hash, raw }: { hash: Hex; raw: Hex },
    slot: { kind: 'create' | 'replacement' | 'cancellation'; epoch: number; nonce: number },
  ): Promise<void> {
    const { chainId, from: address } = work.plan;
    insertTransaction(tx, { chainId, address, deploymentId: work.id, hash, raw, ...slot });
    await recordAudit(tx, keyUseContext(job), {
      action: 'signer.used',
      objectKind: 'signer',
      objectId: work.signerId,
      data: { deploymentId: work.id, chainId, nonce: slot.nonce, hash, kind: slot.kind },
    });
  }

  /** What was written down is also a line of the job's log. */
  function note(facts: readonly Message[]): void {
    messages.push(...facts);
    for (const fact of facts) {
      const { kind, at: _at, ...data } = publicFact(fact);
      context.log(fact.kind === 'failed' || fact.kind === 'reverted' ? 'error' : 'info', String(kind), data);
    }
  }

  const journal: Journal = {
    async record(facts) {
      await platform.store.transaction((tx) => append(tx, facts));
      note(facts);
    },
    async recordSigned(before, sign) {
      const signed = await platform.store.transaction(async (tx) => {
        const estimated = before.findLast((fact) => fact.kind === 'estimated');
        const { epoch, nonce } = await take(tx, estimated?.chainNonce ?? 0);
        const fact = await sign(nonce);
        await recordBytes(tx, fact, { kind: 'create', epoch, nonce });
        await append(tx, [...before, fact]);
        return fact;
      });
      note([...before, signed]);
      return signed;
    },
    async recordReplaced(before, sign) {
      const replaced = await platform.store.transaction(async (tx) => {
        await holdLease(tx, job);
        const slot = await slotOf(tx.sql, work.id);
        const fact = await sign();
        await recordBytes(tx, fact, { kind: fact.empty ? 'cancellation' : 'replacement', ...slot });
        await append(tx, [...before, fact]);
        return fact;
      });
      note([...before, replaced]);
      return replaced;
    },
  };
  return { journal, state: () => reduceAll(messages) };
}

function keyUseContext(job: ClaimedJob) {
  const { ownerId, userId, projectId } = job;
  return {
    actor: {
      ownerId,
      userId,
      projectId,
      roles: ['user' as const],
      scopes: ['*' as const],
      tier: 'free' as const,
      via: { kind: 'system' as const, id: job.id },
    },
    requestId: job.requestId ?? job.id,
  };
}
