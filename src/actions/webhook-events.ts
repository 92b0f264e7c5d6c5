import type { Message } from '../deploy/messages.ts';
import { reduce } from '../deploy/reduce.ts';
import type { DeployState } from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import type { EndedJob } from '../queue/finish.ts';
import type { PipelineWork } from '../store/pipelines.ts';
import { isEventType, type WebhookEvent } from '../webhooks/events.ts';
import { toPublicError } from '../webhooks/payload.ts';

/** What webhooks are told when a job ends. */
export function jobEvent(job: EndedJob): WebhookEvent {
  const { id, kind, state, subjectId, pipelineId, error } = job;
  return {
    type: `job.${state}`,
    data: { id, state, kind, subjectId, pipelineId, error: toPublicError(error) },
  };
}

/** What webhooks are told of a pipeline's new state: nothing while it goes on. */
export function pipelineEvents({ id, state, stages, error }: PipelineWork): WebhookEvent[] {
  const type = `pipeline.${state}`;
  if (!isEventType(type)) return [];
  const shown = stages.map(({ name, state, jobId, subjectId }) => ({ name, state, jobId, subjectId }));
  return [{ type, data: { id, state, stages: shown, error: toPublicError(error) } }];
}

/** Which deployment it is, wherever it stands. */
export interface AnnouncedDeployment {
  id: string;
  network: string;
  chainId: number;
  pipelineId: string | null;
  /** The deployment whose contract it calls; null where it creates one. */
  targetId: string | null;
}

/**
 * What webhooks are told of new facts of a deployment: each change of its status, once. A block that the chain took
 * back is news of its own: the deployment is back at `broadcast` and the same bytes are sent again.
 */
export function deploymentEvents(
  deployment: AnnouncedDeployment,
  before: DeployState,
  facts: readonly Message[],
): WebhookEvent[] {
  let state = before;
  return facts.flatMap((fact) => {
    const earlier = state;
    state = reduce(state, fact);
    const takenBack = fact.kind === 'unconfirmed';
    const type = `deployment.${takenBack ? 'unconfirmed' : state.status}`;
    if ((state.status === earlier.status && !takenBack) || !isEventType(type)) return [];
    const data = { ...stateFacts(deployment, state), ...(takenBack ? { reason: fact.reason } : {}) };
    return [{ type, data }];
  });
}

/** What webhooks are told when a deployment ends before anything was signed. */
export function unsignedDeploymentEvent(
  deployment: AnnouncedDeployment,
  state: 'failed' | 'cancelled',
  error: StoredError | null,
): WebhookEvent {
  return { type: `deployment.${state}`, data: { ...deployment, state, error: toPublicError(error) } };
}

function stateFacts(deployment: AnnouncedDeployment, state: DeployState) {
  const { mined, attempts, address, predictedAddress, nonce, codeMatches } = state;
  return {
    ...deployment,
    state: state.status,
    transactionHash: mined?.hash ?? attempts.at(-1)?.hash ?? null,
    nonce,
    predictedAddress,
    address,
    blockNumber: mined ? Number(mined.blockNumber) : null,
    codeMatches,
    error: toPublicError(state.error),
  };
}
