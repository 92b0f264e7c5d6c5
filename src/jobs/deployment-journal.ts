import { announce } from '../actions/announce.ts';
import { recordAudit } from '../actions/perform.ts';
import type { Platform } from '../actions/platform.ts';
import { isVerified, verifyConfirmed } from '../actions/request-verification.ts';
import { checkSignerPolicy } from '../actions/signer-policy.ts';
import { deploymentEvents } from '../actions/webhook-events.ts';
import type { Hex } from '../chain/types.ts';
import { feePerGasMax, fromJsonFees } from '../deploy/json-fees.ts';
import { type Message, publicFact, type SignedMessage } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import type { DeployState, Journal } from '../deploy/types.ts';
import { invariant } from '../lib/invariant.ts';
import type { ClaimedJob } from '../queue/claim.ts';
import { CancelledError, LeaseLostError } from '../queue/errors.ts';
import type { Outcome } from '../queue/finish.ts';
import { holdLease } from '../queue/lease.ts';
import type { JobControl } from '../queue/worker.ts';
import { recordChain, slotOf } from '../store/chains.ts';
import type { Tx } from '../store/db.ts';
import {
  appendFacts,
  type NewFacts,
  sendLastFacts,
  type Written,
  type WrittenAt,
} from '../store/deployment-journal.ts';
import { type DeploymentWork, insertTransaction } from '../store/deployments.ts';
import { claimNonce, freezeAccount } from '../store/nonce-accounts.ts';
import { type createSigningQueue, lostLease, type NonceSlot } from './sign-together.ts';

/**
 * The machine's durable memory. Every write holds the job's lease, so a worker that lost it, or whose deployment was
 * cancelled before the signature, can neither write nor send.
 */
export function createJournal(
  platform: Platform,
  job: ClaimedJob,
  context: {
    work: DeploymentWork;
    genesis: () => Hex | undefined;
    log: JobControl['log'];
    signTogether: ReturnType<typeof createSigningQueue>;
  },
) {
  const { work } = context;
  const messages = [...work.messages];

  const newFacts = (facts: readonly Message[], at: WrittenAt): NewFacts & { before: DeployState } => ({
    id: work.id,
    held: held(),
    after: messages.length,
    messages: facts,
    before: reduceAll(messages),
    state: reduceAll([...messages, ...facts]),
    events: facts.map(publicFact),
    at,
  });

  const append = (tx: Tx, facts: Message[]) => write(tx, newFacts(facts, 'held'));

  async function write(tx: Tx, added: ReturnType<typeof newFacts>): Promise<void> {
    const { written, hasReceivers } = await appendFacts(tx, added);
    refuse(written);
    const { messages: facts, before } = added;
    if (facts.some((fact) => fact.kind === 'confirmed')) await verifyConfirmed(platform, tx, { job, work });
    const usedElsewhere = facts.find(
      (fact) => fact.kind === 'failed' && fact.error.code === 'nonce-used-elsewhere',
    );
    // Whoever has the key is free to use it elsewhere.
    if (usedElsewhere?.kind === 'failed' && !work.plan.external) {
      await freezeAccount(tx, { ...work.plan, address: work.plan.from }, usedElsewhere.error.message);
    }
    if (!hasReceivers) return;
    const { ownerId, pipelineId, requestId } = job;
    const { id, network, targetId, plan } = work;
    const which = { id, network, chainId: plan.chainId, pipelineId, targetId };
    const events = deploymentEvents(which, before, facts);
    await announce(tx, { ownerId, requestId, events });
  }

  const held = () => ({
    jobId: job.id,
    fence: job.fence,
    unsigned: reduceAll(messages).attempts.length === 0,
  });

  function refuse(written: Written): void {
    if (written === 'cancelled') throw new CancelledError('cancelled');
    if (written === 'lost') throw lostLease(job.id);
    if (written === 'behind') throw new LeaseLostError(`another job works on deployment ${work.id}`);
  }

  /** What the bytes may cost at most. */
  function costOf({ gasLimit, fees, empty = false }: Payment): { feePerGas: bigint; costMax: bigint } {
    const feePerGas = feePerGasMax(fromJsonFees(fees));
    return { feePerGas, costMax: BigInt(gasLimit) * feePerGas + (empty ? 0n : BigInt(work.plan.value)) };
  }

  /** Whether the signer's policy allows it, as it was when this turn of the deployment began. */
  async function allow(tx: Tx, payment: Payment, { epoch, nonce }: NonceSlot): Promise<void> {
    const { signerPolicy: policy, signerName: signer, network } = work;
    const account = { chainId: work.plan.chainId, epoch, address: work.plan.from };
    await checkSignerPolicy(tx, policy, { signer, network, account, nonce, ...costOf(payment) });
  }

  /** The signed bytes, under their nonce, and that the key was used for them. */
  async function recordBytes(
    tx: Tx,
    bytes: Payment & { hash: Hex; raw: Hex },
    slot: NonceSlot & { kind: 'create' | 'replacement' | 'cancellation' },
  ): Promise<void> {
    const { chainId, from: address } = work.plan;
    const { hash, raw } = bytes;
    const { costMax } = costOf(bytes);
    insertTransaction(tx, { chainId, address, deploymentId: work.id, hash, raw, costMax, ...slot });
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
      const genesisHash = context.genesis();
      invariant(genesisHash, 'the chain was asked for its genesis before anything is signed');
      const { chainId, from: address } = work.plan;
      const atLeast = before.findLast((fact) => fact.kind === 'estimated')?.chainNonce ?? 0;
      let signed: SignedMessage | undefined;
      await context.signTogether({
        held,
        source: { chainId, genesisHash, address, atLeast },
        // What is left of the day depends on what was signed just before.
        alone: work.signerPolicy.spendPerDay !== undefined,
        async write(tx, slot) {
          const { estimate } = reduceAll([...messages, ...before]);
          invariant(estimate, 'signing comes after the estimate');
          await allow(tx, estimate, slot);
          const fact = await sign(slot.nonce);
          await recordBytes(tx, fact, { kind: 'create', ...slot });
          await append(tx, [...before, fact]);
          signed = fact;
        },
        refusal: (taken) => (taken === 'cancelled' ? new CancelledError('cancelled') : lostLease(job.id)),
      });
      invariant(signed, 'what is committed was signed');
      note([...before, signed]);
      return signed;
    },
    async recordReplaced(before, sign, pays) {
      const replaced = await platform.store.transaction(async (tx) => {
        await holdLease(tx, job);
        const slot = await slotOf(tx.sql, work.id);
        await allow(tx, pays, slot);
        const fact = await sign();
        await recordBytes(tx, fact, { kind: fact.empty ? 'cancellation' : 'replacement', ...slot });
        await append(tx, [...before, fact]);
        return fact;
      });
      note([...before, replaced]);
      return replaced;
    },
    async recordAdopted(before, fact, nonce) {
      const genesisHash = context.genesis();
      invariant(genesisHash, 'the chain was asked for its genesis before anything is signed');
      await platform.store.transaction(async (tx) => {
        await holdLease(tx, job);
        const { chainId, from: address } = work.plan;
        await recordChain(tx, chainId, genesisHash);
        const epoch = await claimNonce(tx, { chainId, address, nonce, deploymentId: work.id });
        await allow(tx, fact, { epoch, nonce });
        await recordBytes(tx, fact, {
          epoch,
          nonce,
          kind: fact.kind === 'signed' ? 'create' : 'replacement',
        });
        await append(tx, [...before, fact]);
      });
      note([...before, fact]);
    },
  };
  /**
   * The facts that end it, for the transaction that ends the job. They can be sent along where nothing but themselves is
   * to be written.
   */
  function writeLast(facts: Message[]): Pick<Outcome & { state: 'succeeded' }, 'write' | 'send'> {
    const added = newFacts(facts, 'end');
    note(facts);
    const alone = facts.every(({ kind }) => kind !== 'failed') && !isVerified(work.plan);
    return {
      write: (tx) => write(tx, added),
      ...(alone ? { send: (tx: Tx) => sendLastFacts(tx, added) } : {}),
    };
  }

  return { journal, writeLast, state: () => reduceAll(messages) };
}

/** What signed bytes pay. */
type Payment = Pick<SignedMessage, 'gasLimit' | 'fees'> & { empty?: boolean };

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
