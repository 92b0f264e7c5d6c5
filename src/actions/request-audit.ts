import { newId } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';
import { type AuditRequest, insertAudit } from '../store/audits.ts';
import { getBuild } from '../store/builds.ts';
import type { Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { fail } from './errors.ts';
import { perform } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf, type Requested } from './request-generation.ts';

/**
 * Asks for an audit of a build or of sources.
 * @throws AppError `not-found`, `build-not-usable`, and those of `Compiler.prepare`
 */
export async function requestAudit(
  platform: Platform,
  context: ActionContext,
  request: AuditRequest,
): Promise<Requested> {
  return perform(platform, context, async (tx) => {
    if ('buildId' in request) {
      const build = await getBuild(tx.sql, context.actor.ownerId, request.buildId);
      if (build.inputHash === null) throw fail('build-not-usable', { id: build.id, status: build.status });
    } else {
      platform.compiler.prepare(request);
    }
    return createAudit(tx, {
      ...ownershipOf(context),
      request,
      pipelineId: null,
      requestId: context.requestId,
    });
  });
}

/** The rows behind it, in the caller's transaction. */
export async function createAudit(
  tx: Tx,
  input: Ownership & { request: AuditRequest; pipelineId: string | null; requestId: string },
): Promise<Requested> {
  const subjectId = newId();
  await insertAudit(tx, { ...input, id: subjectId });
  const jobId = await enqueue(tx, { ...input, kind: 'audit', subjectId });
  return { jobId, subjectId };
}
