import type { Audit } from './audits.ts';
import { getAudit } from './audits.ts';
import type { Build } from './builds.ts';
import { getBuild } from './builds.ts';
import type { Reader, Tx } from './db.ts';
import { type Deployment, getDeployment } from './deployments.ts';
import { type Generation, getGeneration } from './generations.ts';
import type { Job } from './jobs.ts';
import { getJob } from './jobs.ts';
import { getPipeline, type Pipeline, type StageName } from './pipelines.ts';

/** What a job makes, by its kind. */
export interface JobResult {
  generation: Generation | null;
  build: Build | null;
  audit: Audit | null;
  deployment: Deployment | null;
}

const nothing: JobResult = { generation: null, build: null, audit: null, deployment: null };

export type JobWithResult = Job & { result: JobResult };
export type PipelineWithResult = Pipeline & { result: JobResult };

/** A job with what it has made so far. @throws AppError `not-found` */
export async function getJobWithResult(read: Reader, ownerId: string, id: string): Promise<JobWithResult> {
  const job = await getJob(read, ownerId, id);
  return { ...job, result: await getResult(read, ownerId, job) };
}

/** Which part of a result a kind of job makes. */
const parts = {
  generate: 'generation',
  compile: 'build',
  audit: 'audit',
  deploy: 'deployment',
} as const satisfies Record<string, keyof JobResult>;

/**
 * The same for a job that was made in this transaction, from what its inserts answer: nothing more is asked.
 * @returns null when one of the two was changed since, or was not inserted here
 */
export function getFreshJob(
  tx: Pick<Tx, 'fresh'>,
  made: { jobId: string; kind: string; subjectId: string },
): Promise<JobWithResult> | null {
  const [job, subject] = [tx.fresh.get(made.jobId), tx.fresh.get(made.subjectId)];
  const part = parts[made.kind as keyof typeof parts];
  if (!job || !subject || !part) return null;
  const view = Promise.all([job as Promise<Job>, subject]).then(([shown, result]) => ({
    ...shown,
    result: { ...nothing, [part]: result },
  }));
  // When the transaction fails nobody looks at it.
  view.catch(() => {});
  return view;
}

async function getResult(
  read: Reader,
  ownerId: string,
  { kind, subjectId }: { kind: string; subjectId: string },
): Promise<JobResult> {
  if (kind === 'generate') return { ...nothing, generation: await getGeneration(read, ownerId, subjectId) };
  if (kind === 'compile') return { ...nothing, build: await getBuild(read, ownerId, subjectId) };
  if (kind === 'audit') return { ...nothing, audit: await getAudit(read, ownerId, subjectId) };
  if (kind === 'deploy') return { ...nothing, deployment: await getDeployment(read, ownerId, subjectId) };
  return nothing;
}

/** A pipeline with what its stages have made so far. @throws AppError `not-found` */
export async function getPipelineWithResult(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<PipelineWithResult> {
  const pipeline = await getPipeline(read, ownerId, id);
  const made = (name: StageName) => pipeline.stages.find((stage) => stage.name === name)?.subjectId ?? null;
  const ids = {
    generation: made('generate'),
    build: made('compile'),
    audit: made('audit'),
    deployment: made('deploy'),
  };
  const [generation, build, audit, deployment] = await Promise.all([
    ids.generation ? getGeneration(read, ownerId, ids.generation) : null,
    ids.build ? getBuild(read, ownerId, ids.build) : null,
    ids.audit ? getAudit(read, ownerId, ids.audit) : null,
    ids.deployment ? getDeployment(read, ownerId, ids.deployment) : null,
  ]);
  return { ...pipeline, result: { generation, build, audit, deployment } };
}
