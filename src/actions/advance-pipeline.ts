import { AppError, type StoredError, toStoredError } from '../lib/app-error.ts';
import { insideField } from '../lib/inside-field.ts';
import { invariant } from '../lib/invariant.ts';
import type { EndedJob } from '../queue/finish.ts';
import { getAudit } from '../store/audits.ts';
import type { Tx } from '../store/db.ts';
import { appendEvent } from '../store/events.ts';
import { getGeneration } from '../store/generations.ts';
import {
  lockPipeline,
  type PipelineState,
  type PipelineWork,
  type Stage,
  savePipeline,
} from '../store/pipelines.ts';
import { readSources } from '../store/source-sets.ts';
import { announcePipeline } from './announce.ts';
import { evaluateDeploymentGate } from './evaluate-deployment-gate.ts';
import { planDeployment } from './plan-deployment.ts';
import type { ActionContext, Platform } from './platform.ts';
import { createAudit } from './request-audit.ts';
import { createBuild } from './request-compile.ts';
import { blocked, createDeployment } from './request-deployment.ts';
import { createGeneration, type Requested } from './request-generation.ts';

/**
 * Moves a pipeline on: takes note of the job that ended, and starts the next stage, all in the caller's
 * transaction. The gate is decided on the spot.
 */
export async function advancePipeline(
  platform: Platform,
  tx: Tx,
  move: { pipelineId: string; ended?: EndedJob },
): Promise<void> {
  const pipeline = await lockPipeline(tx, move.pipelineId);
  if (move.ended && !(await noteEnded(tx, pipeline, move.ended))) return;
  for (;;) {
    if (pipeline.state !== 'queued' && pipeline.state !== 'running') break;
    const stage = pipeline.stages.find((candidate) => candidate.state !== 'succeeded');
    if (!stage) {
      await changeState(tx, pipeline, 'succeeded', null);
      break;
    }
    if (stage.state === 'running') break;
    await startStage(platform, tx, pipeline, stage);
  }
  await savePipeline(tx, pipeline);
}

/** @returns false when the job is not the one that the pipeline waits for */
async function noteEnded(tx: Tx, pipeline: PipelineWork, job: EndedJob): Promise<boolean> {
  const stage = pipeline.stages.find((candidate) => candidate.jobId === job.id);
  if (stage?.state !== 'running') return false;
  const error = job.error && inRequest(pipeline, stage, job.error);
  await endStage(tx, pipeline, stage, { state: job.state, error });
  if (job.state !== 'succeeded') await changeState(tx, pipeline, job.state, error);
  return true;
}

async function startStage(platform: Platform, tx: Tx, pipeline: PipelineWork, stage: Stage): Promise<void> {
  stage.startedAt = new Date().toISOString();
  stage.state = 'running';
  if (pipeline.state === 'queued') await changeState(tx, pipeline, 'running', null);
  await appendEvent(tx, {
    subject: 'pipelines',
    subjectId: pipeline.id,
    type: 'stage.started',
    data: { stage: stage.name },
  });
  try {
    const requested = await starters[stage.name](platform, tx, pipeline, stage);
    if (requested) {
      stage.jobId = requested.jobId;
      stage.subjectId = requested.subjectId;
      await appendEvent(tx, {
        subject: 'pipelines',
        subjectId: pipeline.id,
        type: 'stage.queued',
        data: { stage: stage.name, ...requested },
      });
    } else {
      await endStage(tx, pipeline, stage, { state: 'succeeded', error: null });
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'database-unavailable') throw error;
    const state = error.code === 'policy-blocked' ? 'blocked' : 'failed';
    const stored = inRequest(pipeline, stage, toStoredError(error));
    await endStage(tx, pipeline, stage, { state, error: stored });
    await changeState(tx, pipeline, state, stored);
  }
}

/** A stage's error names fields of the stage's input; its owner knows the pipeline's request. */
function inRequest({ request }: PipelineWork, { name }: Stage, error: StoredError): StoredError {
  const field = name === 'compile' && !request.compile ? 'compileOptions' : name;
  return field in request ? insideField(`/${field}`, error) : error;
}

type Starter = (
  platform: Platform,
  tx: Tx,
  pipeline: PipelineWork,
  stage: Stage,
) => Promise<Requested | null>;

/** What starting a stage means. A starter checks before it writes: what it throws ends the stage, not the transaction. */
const starters: Record<Stage['name'], Starter> = {
  async generate(_platform, tx, pipeline) {
    const { generate: request } = pipeline.request;
    invariant(request, 'a pipeline that generates has a request for it');
    return createGeneration(tx, { ...common(pipeline), request });
  },

  async compile(_platform, tx, pipeline) {
    const generated = await generatedSources(tx, pipeline);
    const request = generated
      ? {
          ...pipeline.request.compileOptions,
          sources: generated.sources,
          entry: generated.entry,
          contract: generated.contract,
        }
      : await givenSources(tx, pipeline);
    invariant(request, 'a pipeline that compiles has sources');
    return createBuild(tx, { ...common(pipeline), request });
  },

  async audit(_platform, tx, pipeline) {
    const { tools } = pipeline.request;
    const request = { buildId: buildOf(pipeline), ...(tools ? { tools } : {}) };
    return createAudit(tx, { ...common(pipeline), request });
  },

  async gate(platform, tx, pipeline, stage) {
    const gate = await decide(platform, tx, pipeline);
    await appendEvent(tx, {
      subject: 'pipelines',
      subjectId: pipeline.id,
      type: 'gate',
      data: { stage: stage.name, decision: gate.decision, policy: gate.policy, reasons: gate.reasons },
    });
    if (gate.decision === 'blocked') throw blocked(gate);
    return null;
  },

  async deploy(platform, tx, pipeline) {
    const { deploy } = pipeline.request;
    invariant(deploy, 'a pipeline that deploys has a network');
    const gate = await decide(platform, tx, pipeline);
    if (gate.decision === 'blocked') throw blocked(gate);
    const generated = await generatedSources(tx, pipeline);
    const deployment = await planDeployment(platform, tx.sql, {
      ...pipeline.owner,
      deploy,
      buildId: buildOf(pipeline),
      auditId: auditOf(pipeline),
      pipelineId: pipeline.id,
      gate,
      ...(generated ? { template: generated.constructorArguments } : {}),
    });
    return createDeployment(tx, deployment, contextOf(pipeline));
  },
};

async function decide(platform: Platform, tx: Tx, pipeline: PipelineWork) {
  const { deploy, gate } = pipeline.request;
  const auditId = auditOf(pipeline);
  return evaluateDeploymentGate({
    network: deploy ? platform.chains.network(deploy.network) : null,
    gate: gate ?? { acknowledgements: [], confirmed: false },
    audit: auditId ? await getAudit(tx.sql, pipeline.owner.ownerId, auditId) : null,
  });
}

async function generatedSources(tx: Tx, pipeline: PipelineWork) {
  const id = pipeline.stages.find((stage) => stage.name === 'generate')?.subjectId;
  return id ? (await getGeneration(tx.sql, pipeline.owner.ownerId, id)).result : null;
}

async function givenSources(tx: Tx, { request, sourcesHash }: PipelineWork) {
  return sourcesHash === null
    ? null
    : { ...request.compile, sources: await readSources(tx.sql, sourcesHash) };
}

function buildOf(pipeline: PipelineWork): string {
  const id = pipeline.stages.find((stage) => stage.name === 'compile')?.subjectId ?? pipeline.request.buildId;
  invariant(id, 'a stage after compile has a build');
  return id;
}

function auditOf(pipeline: PipelineWork): string | null {
  return (
    pipeline.stages.find((stage) => stage.name === 'audit')?.subjectId ?? pipeline.request.auditId ?? null
  );
}

function common(pipeline: PipelineWork) {
  return { ...pipeline.owner, pipelineId: pipeline.id, requestId: pipeline.requestId ?? pipeline.id };
}

/** A stage acts for whoever asked for the pipeline. */
function contextOf(pipeline: PipelineWork): ActionContext {
  return {
    actor: {
      ...pipeline.owner,
      roles: ['user'],
      scopes: ['*'],
      tier: 'free',
      via: pipeline.request.via,
    },
    requestId: pipeline.requestId ?? pipeline.id,
    idempotency: null,
  };
}

async function endStage(
  tx: Tx,
  pipeline: PipelineWork,
  stage: Stage,
  end: { state: 'succeeded' | 'failed' | 'cancelled' | 'blocked'; error: StoredError | null },
): Promise<void> {
  stage.state = end.state;
  stage.error = end.error;
  stage.completedAt = new Date().toISOString();
  await appendEvent(tx, {
    subject: 'pipelines',
    subjectId: pipeline.id,
    type: `stage.${end.state}`,
    data: { stage: stage.name, subjectId: stage.subjectId, ...(end.error ? { error: end.error } : {}) },
  });
}

async function changeState(
  tx: Tx,
  pipeline: PipelineWork,
  state: PipelineState,
  error: StoredError | null,
): Promise<void> {
  pipeline.state = state;
  pipeline.error = error;
  await appendEvent(tx, {
    subject: 'pipelines',
    subjectId: pipeline.id,
    type: state,
    data: { state, ...(error ? { error } : {}) },
  });
  await announcePipeline(tx, pipeline);
}
