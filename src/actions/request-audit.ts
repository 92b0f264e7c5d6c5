import type { ToolName } from '../audit/tools/types.ts';
import { newId } from '../lib/ids.ts';
import { enqueue } from '../queue/enqueue.ts';
import { isPartlyReadable } from '../solidity/parts/missing-imports.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { type AuditRequest, newAudit } from '../store/audits.ts';
import { getBuild } from '../store/builds.ts';
import type { Reader, Tx } from '../store/db.ts';
import type { JobWithResult } from '../store/results.ts';
import { keepSources } from '../store/source-sets.ts';
import { fail } from './errors.ts';
import { performJob } from './perform-job.ts';
import type { ActionContext, Platform } from './platform.ts';
import { type JobInput, ownershipOf, type Requested } from './request-generation.ts';

/**
 * Asks for an audit of a build or of sources.
 * @throws AppError `not-found`, `build-not-usable`, `tool-not-allowed`, and those of `Compiler.prepare`
 */
export async function requestAudit(
  platform: Platform,
  context: ActionContext,
  request: AuditRequest,
): Promise<JobWithResult> {
  // Checks stand inside: a repeat with the same key gets the first reply, whatever has changed since.
  const work = async (tx: Tx) => {
    await checkAudit(platform, tx.sql, context.actor.ownerId, request);
    return {
      kind: 'audit',
      ...(await createAudit(tx, {
        ...ownershipOf(context),
        request,
        pipelineId: null,
        requestId: context.requestId,
      })),
    } as const;
  };
  return withReleases(platform.compiler, () => performJob(platform, context, work));
}

/**
 * Finds out whether there is something to audit.
 * @throws AppError `not-found`, `build-not-usable`, `tool-not-allowed`, and those of `Compiler.prepare`
 */
export async function checkAudit(
  platform: Platform,
  read: Reader,
  ownerId: string,
  request: AuditRequest,
): Promise<void> {
  checkTools(platform, request.tools);
  if ('buildId' in request) {
    const build = await getBuild(read, ownerId, request.buildId);
    if (build.inputHash === null) throw fail('build-not-usable', { id: build.id, status: build.status });
  } else {
    const { tools: _, ...sources } = request;
    try {
      platform.compiler.prepare(sources);
    } catch (error) {
      // The rest of the sources is looked at all the same, and the audit says what it left out.
      if (!isPartlyReadable(error, sources)) throw error;
    }
  }
}

/** @throws AppError `tool-not-allowed` for an analyser that this installation does not let requests name */
export function checkTools({ analysers }: Platform, tools: readonly ToolName[] | undefined): void {
  if (tools === undefined) return;
  const { allowed } = analysers;
  const refused = tools.find((tool) => !allowed.includes(tool));
  if (refused === undefined) return;
  throw fail(
    'tool-not-allowed',
    { tool: refused, allowed: allowed.join(', ') },
    { place: { pointer: '/tools' } },
  );
}

/** The rows behind it, in the caller's transaction. */
export async function createAudit(tx: Tx, input: JobInput & { request: AuditRequest }): Promise<Requested> {
  const subjectId = newId();
  const { request } = input;
  const sourcesHash = 'sources' in request ? await keepSources(tx, request.sources) : null;
  const audit = newAudit({ ...input, id: subjectId, sourcesHash });
  const jobId = await enqueue(tx, { ...input, kind: 'audit', subjectId }, audit);
  return { jobId, subjectId };
}
