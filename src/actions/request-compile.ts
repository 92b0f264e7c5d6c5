import { newId } from '../lib/ids.ts';
import { enqueue, enqueueFinished } from '../queue/enqueue.ts';
import type { CompileRequest, PreparedCompile } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { completeBuild, newBuild } from '../store/builds.ts';
import { findCompilation } from '../store/compilations.ts';
import type { Tx } from '../store/db.ts';
import { insertRow } from '../store/new-row.ts';
import type { JobWithResult } from '../store/results.ts';
import { keepSources } from '../store/source-sets.ts';
import { announce } from './announce.ts';
import { performJob } from './perform-job.ts';
import type { ActionContext, Platform } from './platform.ts';
import { type JobInput, ownershipOf, type Requested } from './request-generation.ts';
import { jobEvent } from './webhook-events.ts';

/**
 * Asks for a build. What is wrong with the request itself (imports that leave the sources, no compiler for the
 * pragma) is said at once, before a row is written.
 * @throws AppError of `Compiler.prepare`
 */
export function requestCompile(
  platform: Platform,
  context: ActionContext,
  request: CompileRequest,
): Promise<JobWithResult> {
  // Checks stand inside: a repeat with the same key gets the first reply, whatever has changed since.
  const work = async (tx: Tx) => {
    const prepared = platform.compiler.prepare(request);
    return {
      kind: 'compile',
      ...(await createBuild(tx, {
        ...ownershipOf(context),
        request,
        prepared,
        pipelineId: null,
        requestId: context.requestId,
      })),
    } as const;
  };
  return withReleases(platform.compiler, () => performJob(platform, context, work));
}

/**
 * The rows behind it, in the caller's transaction. A build whose input was compiled before is finished at once: its
 * job never meets a worker.
 * @param input.prepared of the same request; without it the cache is asked by the job
 */
export async function createBuild(
  tx: Tx,
  input: JobInput & { request: CompileRequest; prepared?: PreparedCompile },
): Promise<Requested> {
  const subjectId = newId();
  const { prepared } = input;
  const [sourcesHash, known] = await Promise.all([
    keepSources(tx, input.request.sources),
    prepared ? findCompilation(tx.sql, prepared.inputHash, { hold: true }) : null,
  ]);
  const build = newBuild({ ...input, id: subjectId, sourcesHash });
  if (prepared && known?.ok) {
    insertRow(tx, build);
    completeBuild(tx, { id: subjectId, ...known, cached: true, entry: prepared.entry, error: null });
    const jobId = await enqueueFinished(tx, { ...input, kind: 'compile', subjectId });
    const ended = {
      ...input,
      id: jobId,
      kind: 'compile',
      subjectId,
      state: 'succeeded',
      error: null,
    } as const;
    await announce(tx, { ...input, events: [jobEvent(ended)] });
    return { jobId, subjectId };
  }
  const jobId = await enqueue(tx, { ...input, kind: 'compile', subjectId }, build);
  return { jobId, subjectId };
}
