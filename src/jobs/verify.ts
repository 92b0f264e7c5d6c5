import { fail } from '../actions/errors.ts';
import type { Platform } from '../actions/platform.ts';
import { makeAsk } from '../chain/ask-verifier.ts';
import { fail as chainFail } from '../chain/errors.ts';
import type { Hex } from '../chain/types.ts';
import { verifierProtocols } from '../chain/verifiers/index.ts';
import type { VerificationRequest, VerifiedContract, VerifierAnswer } from '../chain/verifiers/types.ts';
import { type AppError, toStoredError } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';
import { invariant } from '../lib/invariant.ts';
import { limits } from '../lib/limits.ts';
import type { ClaimedJob } from '../queue/claim.ts';
import type { Outcome } from '../queue/finish.ts';
import { holdLease } from '../queue/lease.ts';
import type { JobHandler } from '../queue/worker.ts';
import { getBuildArtifact, getBuildInput } from '../store/builds.ts';
import type { Reader } from '../store/db.ts';
import {
  loadVerification,
  saveVerification,
  type VerificationChange,
  type VerificationStatus,
  type VerificationWork,
} from '../store/verifications.ts';
import { type Quota, returnSubmission, takeQuota } from '../store/verifier-quotas.ts';

/** What a test may want otherwise. */
export interface VerifyOptions {
  timeoutMs?: number;
  patienceMs?: number;
  silenceMs?: number;
  /** @param random in [0, 1) */
  pauseMs?: (ageMs: number, random: number) => number;
}

/**
 * Asks one place to verify the source of a confirmed deployment, one request a turn, until there is a verdict or patience
 * has run out. Between turns it waits without lease or slot; what it has to remember is on its row, so any worker goes on.
 */
export function verify(platform: Platform, options: VerifyOptions = {}): JobHandler {
  const settings = {
    timeoutMs: limits.verifierTimeoutSeconds * 1000,
    patienceMs: limits.verifyPatienceSeconds * 1000,
    silenceMs: limits.verifySilenceSeconds * 1000,
    pauseMs: usualPauseMs,
    ...options,
  };
  return async (job, { signal, log }) => {
    const work = await loadVerification(platform.store.read, job.subjectId);
    if (work.status !== 'pending') return { state: 'succeeded' };
    const { state } = work.deployment;
    if (state !== 'confirmed') return takenBack(platform, job, { work, log });
    const protocol = verifierProtocols[work.kind];
    const { title: verifier, needsKey } = protocol;
    const apiKey = needsKey ? platform.settings.etherscan.apiKey : null;
    if (needsKey && apiKey === null) {
      return failed(work, 'not_configured', chainFail('verifier-not-configured', { verifier }));
    }
    const pauseMs = settings.pauseMs(work.ageMs, Math.random());
    const quota = apiKey === null ? null : quotaOf(platform, apiKey);
    const quotaMs = quota ? await takeQuota(platform.store.read, quota, work.reference === null) : 0;
    if (quotaMs > 0) {
      if (work.ageMs >= settings.patienceMs) return giveUp(work, verifier, work.words ?? 'no quota left');
      // Not all who wait for the same key at the same moment.
      const afterMs = Math.ceil(quotaMs + Math.random() * pauseMs);
      return { state: 'waiting', afterMs, stage: `${verifier}: waiting for the quota of the key` };
    }
    const ask = makeAsk({ timeoutMs: settings.timeoutMs, signal });
    const access = { apiUrl: work.apiUrl, apiKey };
    const answer =
      work.reference === null
        ? await protocol.submit(ask, access, await toRequest(platform.store.read, work))
        : await protocol.check(ask, access, contractOf(work), work.reference);
    if (quota && work.reference === null && answer.kind !== 'submitted') {
      await returnSubmission(platform.store.read, quota);
    }
    log(answer.kind === 'failed' ? 'error' : 'info', `${verifier}: ${answer.words}`, { answer: answer.kind });
    const end = toEnd(work, answer, settings);
    if (end) return end;
    await platform.store.transaction(async (tx) => {
      await holdLease(tx, job);
      await saveVerification(tx, {
        id: work.id,
        status: 'pending',
        words: answer.words,
        ...progressOf(answer),
      });
    });
    const askedMs = answer.kind === 'busy' ? (answer.retryAfterSeconds ?? 0) * 1000 : 0;
    return { state: 'waiting', afterMs: Math.max(pauseMs, askedMs), stage: `${verifier}: ${answer.words}` };
  };
}

type Settings = Required<VerifyOptions>;

/** A fifth of how long it has been waited already, so that a day's wait makes some forty requests: 3 s to half an hour. */
function usualPauseMs(ageMs: number, random: number): number {
  return Math.round(Math.min(1_800_000, Math.max(3_000, ageMs / 5)) * (1 + random / 5));
}

function quotaOf({ settings }: Platform, apiKey: string): Quota {
  const { requestsPerSecond: perSecond, submissionsPerDay: perDay } = settings.etherscan;
  return { keyHash: sha256Hex(apiKey), perSecond, perDay };
}

function contractOf({ deployment: { chainId, address } }: VerificationWork): VerifiedContract {
  invariant(address !== null, 'a confirmed deployment has an address');
  return { chainId, address };
}

/** The stored compiler input of the build as it is, and the arguments that the deployment's bytes end in. */
async function toRequest(read: Reader, work: VerificationWork): Promise<VerificationRequest> {
  const { ownerId, buildId, contract, data, isCreate2, transactionHash } = work.deployment;
  const name = `${contract.file}:${contract.name}`;
  const [{ input, compilerLong }, { artifact }] = await Promise.all([
    getBuildInput(read, ownerId, buildId),
    getBuildArtifact(read, ownerId, { id: buildId, name }),
  ]);
  const { creationBytecode } = artifact;
  invariant(
    data.startsWith(creationBytecode),
    'what was deployed begins with the creation code of its build',
  );
  return {
    ...contractOf(work),
    ...{ contract, input: { ...input }, compiler: compilerLong },
    constructorArguments: `0x${data.slice(creationBytecode.length)}` as Hex,
    creationTransactionHash: isCreate2 ? null : transactionHash,
  };
}

/** @returns how the job ends; null when it is asked again */
function toEnd(work: VerificationWork, answer: VerifierAnswer, settings: Settings): Outcome | null {
  const { title: verifier, silentOnFailure } = verifierProtocols[work.kind];
  const { words } = answer;
  if (answer.kind === 'verified') {
    const change = { id: work.id, status: 'verified' as const, match: answer.match, words, error: null };
    return { state: 'succeeded', write: (tx) => saveVerification(tx, change) };
  }
  if (answer.kind === 'failed') {
    return failed(work, 'failed', chainFail('verification-failed', { verifier, words }), words);
  }
  if (answer.kind === 'key-refused') {
    const error = chainFail('verifier-key-refused', { verifier, words });
    return failed(work, 'not_configured', error, words);
  }
  if (answer.kind === 'unavailable' && answer.final) return giveUp(work, verifier, words);
  if (answer.kind === 'pending' && silentOnFailure && (work.submittedMs ?? 0) >= settings.silenceMs) {
    const error = chainFail('verification-failed', {
      verifier,
      words: `${words}, long after it took the source`,
    });
    return failed(work, 'failed', error, words);
  }
  return work.ageMs >= settings.patienceMs ? giveUp(work, verifier, words) : null;
}

function giveUp(work: VerificationWork, verifier: string, words: string): Outcome {
  const error = chainFail('verifier-unavailable', { verifier, words });
  return failed(work, 'unavailable', error, words);
}

function failed(
  work: VerificationWork,
  status: VerificationStatus,
  error: AppError,
  words?: string,
): Outcome {
  const stored = toStoredError(error);
  const change = { id: work.id, status, error: stored, ...(words === undefined ? {} : { words }) };
  return { state: 'failed', error: stored, write: (tx) => saveVerification(tx, change) };
}

function progressOf(answer: VerifierAnswer): Partial<VerificationChange> {
  if (answer.kind === 'submitted') return { reference: answer.reference, submitted: true };
  return answer.kind === 'again' ? { reference: null } : {};
}

/** The chain took the deployment back: nothing stands there that could be verified, and what is sent again gets a job of its own. */
async function takenBack(
  platform: Platform,
  job: ClaimedJob,
  { work, log }: { work: VerificationWork; log: Parameters<JobHandler>[1]['log'] },
): Promise<Outcome> {
  const error = toStoredError(fail('deployment-taken-back', { status: work.deployment.state }));
  log('warn', error.message);
  await platform.store.transaction(async (tx) => {
    await holdLease(tx, job);
    await saveVerification(tx, { id: work.id, status: 'unavailable', error });
  });
  return { state: 'cancelled' };
}
