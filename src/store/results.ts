import type { Audit } from './audits.ts';
import { getAudit } from './audits.ts';
import type { Build } from './builds.ts';
import { getBuild } from './builds.ts';
import type { Reader } from './db.ts';
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

/** A job with what it has made so far. @throws AppError `not-found` */
export async function getJobWithResult(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<Job & { result: JobResult }> {
  const job = await getJob(read, ownerId, id);
  const result = { ...nothing };
  if (job.kind === 'generate') result.generation = await getGeneration(read, ownerId, job.subjectId);
  if (job.kind === 'compile') result.build = await getBuild(read, ownerId, job.subjectId);
  if (job.kind === 'audit') result.audit = await getAudit(read, ownerId, job.subjectId);
  if (job.kind === 'deploy') result.deployment = await getDeployment(read, ownerId, job.subjectId);
  return { ...job, result };
}

/** A pipeline with what its stages have made so far. @throws AppError `not-found` */
export async function getPipelineWithResult(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<Pipeline & { result: JobResult }> {
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
