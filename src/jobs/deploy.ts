import { custodyParts } from '../actions/create-signer.ts';
import { fail } from '../actions/errors.ts';
import type { Platform } from '../actions/platform.ts';
import { custodyOf } from '../chain/signers/index.ts';
import type { Hex } from '../chain/types.ts';
import { deploy as runMachine } from '../deploy/deploy.ts';
import { rememberGas } from '../deploy/known-gas.ts';
import { terminalStatuses } from '../deploy/reduce.ts';
import type { DeployResult, Journal } from '../deploy/types.ts';
import { AppError, toStoredError } from '../lib/app-error.ts';
import type { Outcome } from '../queue/finish.ts';
import type { JobHandler } from '../queue/worker.ts';
import { type DeploymentWork, loadDeploymentWork } from '../store/deployments.ts';
import { createJournal } from './deployment-journal.ts';
import { createSigningQueue } from './sign-together.ts';

/** How long a deployment that something is under way for waits when its chain does not answer. */
const chainDownWaitMs = 2_000;

/** How long the estimate of a creation may serve an equal one, whose limit is then tried by itself. */
const gasKeptMs = 60_000;

/** Drives a deployment until it is confirmed, has failed, or has to wait for the chain. */
export function deploy(platform: Platform): JobHandler {
  const signTogether = createSigningQueue(platform.store);
  const knownGas = rememberGas({ keptMs: gasKeptMs, now: () => performance.now() });
  return async (job, { signal, log }) => {
    const work = await loadDeploymentWork(platform.store.read, job.subjectId);
    let genesisHash: Hex | undefined;
    const needed = work.messages.length === 0 ? waitsFor(work) : null;
    if (needed) return needed;
    const memory = createJournal(platform, job, { work, genesis: () => genesisHash, log, signTogether });
    try {
      const chain = await platform.chains.connect(work.network);
      genesisHash = await chain.genesisHash();
      if (isOfAnotherChain(work, genesisHash)) return await endAsHistory(memory.journal, work);
      const signer = custodyOf(work.signerKind).open(work.storedKey, custodyParts(platform));
      const result = await runMachine({
        plan: work.plan,
        messages: work.messages,
        chain,
        signer,
        journal: memory.journal,
        now: () => new Date(),
        signal,
        recheck: true,
        request: work.request,
        signature: work.signature,
        knownGas,
        leavesLast: true,
      });
      if (!result.done) {
        const stage = [result.state.status, result.problem?.message].filter(Boolean).join(': ');
        return waitFor(result.waitMs ?? 1_000, stage);
      }
      return await end(memory, result);
    } catch (error) {
      // Bytes that may be under way are never given up: the chain comes back, and the same bytes are sent again.
      // Nor is what was handed out: whoever signs may have sent it already.
      const { attempts, handedOutUntil } = memory.state();
      const out = attempts.length > 0 || handedOutUntil !== null;
      if (out && error instanceof AppError && error.retryable && !signal.aborted) {
        return waitFor(chainDownWaitMs, `${memory.state().status}: ${error.message}`);
      }
      throw error;
    }
  };
}

/** A local chain that was made anew knows nothing of what was signed for the one before, and must not get it. */
function isOfAnotherChain({ signedFor }: DeploymentWork, genesisHash: Hex): boolean {
  return signedFor !== null && (!signedFor.current || signedFor.genesisHash !== genesisHash);
}

async function endAsHistory(journal: Journal, work: DeploymentWork): Promise<Outcome> {
  const error = toStoredError(fail('chain-replaced', { network: work.network }));
  await journal.record([{ kind: 'failed', at: new Date().toISOString(), error }]);
  return { state: 'failed', error };
}

/** What has to be confirmed first: waited for, and without it there is nothing to begin. */
function waitsFor({ after, plan }: DeploymentWork): Outcome | null {
  const open = after.filter(({ state }) => state !== 'confirmed');
  const ended = open.find(({ state }) => terminalStatuses.includes(state) || state === 'blocked');
  if (ended) {
    const error = toStoredError(fail('needed-deployment-failed', { id: ended.id, status: ended.state }));
    return { state: 'failed', error };
  }
  const ms = plan.networkKind === 'local' ? 100 : 3_000;
  return open[0] ? waitFor(ms, `waits for deployment ${open[0].id}`) : null;
}

function waitFor(ms: number, stage: string): Outcome {
  return { state: 'waiting', afterMs: ms, stage };
}

/** The last facts are written with the end of the job: one commit to disk for both. */
async function end(
  memory: ReturnType<typeof createJournal>,
  { state, last }: Pick<DeployResult, 'state' | 'last'>,
): Promise<Outcome> {
  if (state.status === 'cancelled') {
    if (last.length > 0) await memory.journal.record(last);
    return { state: 'cancelled' };
  }
  const written = last.length > 0 ? memory.writeLast(last) : {};
  if (state.status === 'confirmed' || state.status === 'estimated') return { state: 'succeeded', ...written };
  const error = state.error ?? toStoredError(fail('deployment-failed', { status: state.status }));
  return { state: 'failed', error, ...written };
}
