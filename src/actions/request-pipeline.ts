import type { ToolName } from '../audit/tools/types.ts';
import type { GenerateRequest } from '../generate/types.ts';
import { newId } from '../lib/ids.ts';
import { inField } from '../lib/inside-field.ts';
import type { CompileRequest } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { getBuild } from '../store/builds.ts';
import type { Reader, Tx } from '../store/db.ts';
import type { KeyLife } from '../store/idempotency-keys.ts';
import {
  type DeployRequest,
  type GateRequest,
  insertPipeline,
  type PipelineRequest,
  type Stage,
  type StageName,
  stageNames,
} from '../store/pipelines.ts';
import { getPipelineWithResult, type PipelineWithResult } from '../store/results.ts';
import { admitJob } from './admit-job.ts';
import { advancePipeline } from './advance-pipeline.ts';
import { chooseAudit } from './choose-audit.ts';
import { fail } from './errors.ts';
import { perform } from './perform.ts';
import { chooseSigner } from './plan-deployment.ts';
import type { ActionContext, Platform } from './platform.ts';
import { checkTools } from './request-audit.ts';
import { checkGeneration, ownershipOf } from './request-generation.ts';

/** What the caller wants done from end to end. The range of stages follows from it unless it is given. */
export interface PipelineInput {
  stages?: { from: StageName; to: StageName };
  generate?: GenerateRequest;
  compile?: CompileRequest;
  compileOptions?: Pick<CompileRequest, 'compiler' | 'settings'>;
  buildId?: string;
  auditId?: string;
  tools?: ToolName[];
  deploy?: DeployRequest;
  gate: GateRequest;
}

/**
 * Starts an end-to-end run: a contiguous range of generate → compile → audit → gate → deploy. Each stage's job is
 * enqueued in the transaction that ends the one before, so a crash between two stages cannot exist.
 * @throws AppError for a range that has no input, an unknown network or signer, bad sources
 */
export async function requestPipeline(
  platform: Platform,
  context: ActionContext,
  input: PipelineInput,
): Promise<PipelineWithResult> {
  const stages = chooseStages(input);
  const request: PipelineRequest = {
    ...(input.generate ? { generate: input.generate } : {}),
    ...(input.compile ? { compile: input.compile } : {}),
    ...(input.compileOptions ? { compileOptions: input.compileOptions } : {}),
    ...(input.buildId ? { buildId: input.buildId } : {}),
    ...(input.auditId ? { auditId: input.auditId } : {}),
    ...(input.tools ? { tools: input.tools } : {}),
    ...(input.deploy ? { deploy: input.deploy } : {}),
    gate: input.gate,
    via: context.actor.via,
  };
  const { ownerId } = context.actor;
  const create = async (tx: Tx) => {
    // Inside: a repeat with the same key gets the first reply, whatever has changed since.
    await admitJob(platform, tx, context);
    await checkAhead(platform, tx.sql, { ownerId, input, stages });
    const id = newId();
    await insertPipeline(tx, {
      ...ownershipOf(context),
      id,
      request,
      stages: stages.map(pendingStage),
      requestId: context.requestId,
    });
    await advancePipeline(platform, tx, { pipelineId: id });
    return getPipelineWithResult(tx.sql, ownerId, id);
  };
  return withReleases(platform.compiler, () =>
    perform(platform, context, create, { life: lifeOfPipelineKey }),
  );
}

/** While a pipeline that deploys is there, a repeat of its request must not deploy once more. */
export function lifeOfPipelineKey(pipeline: PipelineWithResult): KeyLife {
  return pipeline.stages.some((stage) => stage.name === 'deploy') ? { pipelineId: pipeline.id } : {};
}

/** @throws AppError `pipeline-range-invalid` */
export function chooseStages(input: PipelineInput): StageName[] {
  const first: StageName =
    input.stages?.from ?? (input.buildId ? 'audit' : input.compile ? 'compile' : 'generate');
  const last: StageName = input.stages?.to ?? (input.deploy ? 'deploy' : 'audit');
  const from = stageNames.indexOf(first);
  const to = stageNames.indexOf(last);
  if (to < from) throw invalid(`The range ends with ${last}, before it starts with ${first}.`);
  const needs: Record<StageName, boolean> = {
    generate: input.generate !== undefined,
    compile: input.compile !== undefined,
    audit: input.buildId !== undefined,
    gate: input.buildId !== undefined && input.auditId !== undefined,
    deploy: input.buildId !== undefined,
  };
  const what = {
    generate: 'a prompt or a template',
    compile: 'sources',
    audit: 'a buildId',
    gate: 'a buildId and an auditId',
    deploy: 'a buildId',
  };
  if (!needs[first]) throw invalid(`A run that starts with ${first} needs ${what[first]}.`);
  if (last === 'deploy' && !input.deploy) throw invalid('A run that ends with deploy needs a network.');
  if (last !== 'deploy' && last !== 'gate' && input.deploy) {
    throw invalid(`A network was given, but the run ends with ${last}, before deploy.`);
  }
  return stageNames.slice(from, to + 1);
}

function invalid(problem: string) {
  return fail('pipeline-range-invalid', { problem }, { place: { pointer: '/stages' } });
}

/** Says at once what is wrong, rather than minutes later in a stage. */
async function checkAhead(
  platform: Platform,
  read: Reader,
  request: { ownerId: string; input: PipelineInput; stages: StageName[] },
): Promise<void> {
  const { ownerId, input, stages } = request;
  const { generate, compile, buildId, auditId, deploy } = input;
  checkTools(platform, input.tools);
  if (stages[0] === 'generate' && generate) await inField('/generate', () => checkGeneration(generate));
  if (stages[0] === 'compile' && compile) await inField('/compile', () => platform.compiler.prepare(compile));
  if (buildId) await usableBuild(read, ownerId, buildId);
  if (buildId && auditId) await chooseAudit(read, { ownerId, buildId, auditId });
  if (!deploy) return;
  await inField('/deploy', async () => {
    const network = platform.chains.network(deploy.network);
    if (stages.includes('deploy')) await chooseSigner(read, { ownerId, network, name: deploy.signer });
  });
}

async function usableBuild(read: Reader, ownerId: string, id: string): Promise<void> {
  const build = await getBuild(read, ownerId, id);
  if (build.status !== 'succeeded') throw fail('build-not-usable', { id, status: build.status });
}

function pendingStage(name: StageName): Stage {
  return {
    name,
    state: 'pending',
    jobId: null,
    subjectId: null,
    startedAt: null,
    completedAt: null,
    error: null,
  };
}
