import { announce } from '../actions/announce.ts';
import { fail } from '../actions/errors.ts';
import { recordAudit } from '../actions/perform.ts';
import type { Platform } from '../actions/platform.ts';
import { deploymentEvents } from '../actions/webhook-events.ts';
import { custodyOf } from '../chain/signers/index.ts';
import type { Hex } from '../chain/types.ts';
import { deploy as runMachine } from '../deploy/deploy.ts';
import { type Message, publicFact } from '../deploy/messages.ts';
import { reduceAll } from '../deploy/reduce.ts';
import type { DeployState, Journal } from '../deploy/types.ts';
import { AppError, toStoredError } from '../lib/app-error.ts';
import { invariant } from '../lib/invariant.ts';
import type { ClaimedJob } from '../queue/claim.ts';
import { CancelledError, LeaseLostError } from '../queue/errors.ts';
import type { Outcome } from '../queue/finish.ts';
import { holdLease } from '../queue/lease.ts';
import type { JobControl, JobHandler } from '../queue/worker.ts';
import { chainOfTransactions, recordChain, takeNonce } from '../store/chains.ts';
import type { Tx } from '../store/db.ts';
import {
  appendFacts,
  type DeploymentWork,
  insertTransaction,
  loadDeploymentWork,
} from '../store/deployments.ts';
import { getSealedKey } from '../store/signers.ts';

/** How long a deployment that something is under way for waits when its chain does not answer. */
const chainDownWaitMs = 2_000;

/** Drives a deployment until it is confirmed, has failed, or has to wait for the chain. */
export function deploy(platform: Platform): JobHandler {
  return async (job, { signal, log }) => {
    const work = await loadDeploymentWork(platform.store.read, job.subjectId);
    let genesisHash: Hex | undefined;
    const memory = createJournal(platform, job, { work, genesis: () => genesisHash, log });
    try {
      const chain = await platform.chains.connect(work.network);
      genesisHash = await chain.genesisHash();
      if (await isOfAnotherChain(platform, work, genesisHash))
        return await endAsHistory(memory.journal, work);
      const { kind, sealedKey } = await getSealedKey(platform.store.read, work.signerId);
      const signer = custodyOf(kind).open(sealedKey, platform.keyEncryptionKey);
      const result = await runMachine({
        plan: work.plan,
        messages: work.messages,
        chain,
        signer,
        journal: memory.journal,
        now: () => new Date(),
        signal,
        recheck: work.state === 'confirmed' || work.state === 'reverted',
      });
      if (!result.done) {
        const stage = [result.state.status, result.problem?.message].filter(Boolean).join(': ');
        return waitFor(result.waitMs ?? 1_000, stage);
      }
      return toOutcome(result.state);
    } catch (error) {
      // Bytes that may be under way are never given up: the chain comes back, and the same bytes are sent again.
      const sent = memory.state().attempts.length > 0;
      if (sent && error instanceof AppError && error.retryable && !signal.aborted) {
        return waitFor(chainDownWaitMs, `${memory.state().status}: ${error.message}`);
      }
      throw error;
    }
  };
}

/** A local chain that was made anew knows nothing of what was signed for the one before, and must not get it. */
async function isOfAnotherChain(
  platform: Platform,
  work: DeploymentWork,
  genesisHash: Hex,
): Promise<boolean> {
  const signedFor = await chainOfTransactions(platform.store.read, work.id);
  return signedFor !== null && (!signedFor.current || signedFor.genesisHash !== genesisHash);
}

async function endAsHistory(journal: Journal, work: DeploymentWork): Promise<Outcome> {
  const error = toStoredError(fail('chain-replaced', { network: work.network }));
  await journal.record([{ kind: 'failed', at: new Date().toISOString(), error }]);
  return { state: 'failed', error };
}

function waitFor(ms: number, stage: string): Outcome {
  return { state: 'waiting', afterMs: ms, stage };
}

function toOutcome(state: DeployState): Outcome {
  if (state.status === 'confirmed' || state.status === 'estimated') return { state: 'succeeded' };
  if (state.status === 'cancelled') return { state: 'cancelled' };
  const error = state.error ?? toStoredError(fail('deployment-failed', { status: state.status }));
  return { state: 'failed', error };
}

/**
 * The machine's durable memory. Every write holds the job's lease, so a worker that lost it, or whose deployment was
 * cancelled before the signature, can neither write nor send.
 */
function createJournal(
  platform: Platform,
  job: ClaimedJob,
  context: { work: DeploymentWork; genesis: () => Hex | undefined; log: JobControl['log'] },
) {
  const { work } = context;
  const messages = [...work.messages];

  async function append(tx: Tx, facts: Message[]): Promise<void> {
    const appended = await appendFacts(tx, {
      id: work.id,
      fence: job.fence,
      after: messages.length,
      messages: facts,
      state: reduceAll([...messages, ...facts]),
      events: facts.map(publicFact),
    });
    if (!appended) throw new LeaseLostError(`another job works on deployment ${work.id}`);
    const { ownerId, pipelineId, requestId } = job;
    const which = { id: work.id, network: work.network, chainId: work.plan.chainId, pipelineId };
    const events = deploymentEvents(which, reduceAll(messages), facts);
    await announce(tx, { ownerId, requestId, events });
  }

  async function hold(tx: Tx): Promise<void> {
    const { cancelRequested } = await holdLease(tx, job);
    if (cancelRequested && reduceAll(messages).attempts.length === 0) throw new CancelledError('cancelled');
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
      await platform.store.transaction(async (tx) => {
        await hold(tx);
        await append(tx, facts);
      });
      note(facts);
    },
    async recordSigned(before, sign) {
      const signed = await platform.store.transaction(async (tx) => {
        await hold(tx);
        const estimated = before.findLast((fact) => fact.kind === 'estimated');
        const genesisHash = context.genesis();
        invariant(genesisHash, 'the chain was asked for its genesis before anything is signed');
        await recordChain(tx, work.plan.chainId, genesisHash);
        const { epoch, nonce } = await takeNonce(tx, {
          chainId: work.plan.chainId,
          address: work.plan.from,
          atLeast: estimated?.chainNonce ?? 0,
        });
        const fact = await sign(nonce);
        await insertTransaction(tx, {
          chainId: work.plan.chainId,
          epoch,
          address: work.plan.from,
          nonce,
          deploymentId: work.id,
          hash: fact.hash,
          raw: fact.raw,
        });
        await append(tx, [...before, fact]);
        await recordAudit(tx, keyUseContext(job), {
          action: 'signer.used',
          objectKind: 'signer',
          objectId: work.signerId,
          data: { deploymentId: work.id, chainId: work.plan.chainId, nonce, hash: fact.hash },
        });
        return fact;
      });
      note([...before, signed]);
      return signed;
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
