import { generateContract } from '../generate/generate-contract.ts';
import type { GenerateRequest } from '../generate/types.ts';
import { newId } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Tx } from '../store/db.ts';
import { newGeneration, type Ownership } from '../store/generations.ts';
import type { JobWithResult } from '../store/results.ts';
import { performJob } from './perform-job.ts';
import type { ActionContext, Platform } from './platform.ts';

/** What was written: the job to wait for, and the row it will fill. */
export interface Requested {
  jobId: string;
  subjectId: string;
}

/** For whom and for what a job is made. */
export interface JobInput extends Ownership {
  pipelineId: string | null;
  /** The job that is tried anew. */
  retryOf?: string;
  requestId: string;
}

/**
 * Asks for sources from a template or a prompt. What is wrong with the request itself is said at once.
 * @throws AppError of `generateContract`
 */
export async function requestGeneration(
  platform: Platform,
  context: ActionContext,
  request: GenerateRequest,
): Promise<JobWithResult> {
  // Checks stand inside: a repeat with the same key gets the first reply, whatever has changed since.
  return performJob(platform, context, async (tx) => {
    checkGeneration(request);
    return {
      kind: 'generate',
      ...(await createGeneration(tx, {
        ...ownershipOf(context),
        request,
        pipelineId: null,
        requestId: context.requestId,
      })),
    };
  });
}

/**
 * Finds out whether a request can be generated, by doing it: a generation is pure and takes a few milliseconds.
 * @throws AppError of `generateContract`
 */
export function checkGeneration(request: GenerateRequest): void {
  generateContract(request);
}

/** The rows behind it, in the caller's transaction. */
export async function createGeneration(
  tx: Tx,
  input: JobInput & { request: GenerateRequest },
): Promise<Requested> {
  const subjectId = newId();
  const generation = newGeneration({ ...input, id: subjectId });
  const jobId = await enqueue(tx, { ...input, kind: 'generate', subjectId }, generation);
  return { jobId, subjectId };
}

/** Who will own what the actor creates. */
export function ownershipOf(context: ActionContext): Ownership {
  const { ownerId, userId, projectId } = context.actor;
  return { ownerId, userId, projectId };
}
