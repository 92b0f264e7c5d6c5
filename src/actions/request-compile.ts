import { newId } from '../lib/ids.ts';
import { enqueue, enqueueFinished } from '../queue/enqueue.ts';
import type { CompileRequest, PreparedCompile } from '../solidity/types.ts';
import { completeBuild, insertBuild } from '../store/builds.ts';
import { findCompilation } from '../store/compilations.ts';
import type { Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { perform } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf, type Requested } from './request-generation.ts';

/**
 * Asks for a build. What is wrong with the request itself (imports that leave the sources, no compiler for the
 * pragma) is said at once, before a row is written.
 * @throws AppError of `Compiler.prepare`
 */
export function requestCompile(
  platform: Platform,
  context: ActionContext,
  request: CompileRequest,
): Promise<Requested> {
  const prepared = platform.compiler.prepare(request);
  return perform(platform, context, (tx) =>
    createBuild(tx, {
      ...ownershipOf(context),
      request,
      prepared,
      pipelineId: null,
      requestId: context.requestId,
    }),
  );
}

/**
 * The rows behind it, in the caller's transaction. A build whose input was compiled before is finished at once: its
 * job never meets a worker.
 * @param input.prepared of the same request; without it the cache is asked by the job
 */
export async function createBuild(
  tx: Tx,
  input: Ownership & {
    request: CompileRequest;
    prepared?: PreparedCompile;
    pipelineId: string | null;
    requestId: string;
  },
): Promise<Requested> {
  const subjectId = newId();
  await insertBuild(tx, { ...input, id: subjectId });
  const { prepared } = input;
  const known = prepared ? await findCompilation(tx.sql, prepared.inputHash) : null;
  if (prepared && known?.ok) {
    await completeBuild(tx, { id: subjectId, ...known, cached: true, entry: prepared.entry, error: null });
    return { jobId: await enqueueFinished(tx, { ...input, kind: 'compile', subjectId }), subjectId };
  }
  const jobId = await enqueue(tx, { ...input, kind: 'compile', subjectId });
  return { jobId, subjectId };
}
