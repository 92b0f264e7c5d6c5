import { cancelPipeline } from '../../../actions/cancel-pipeline.ts';
import { getPipelineWithResult } from '../../../store/results.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { pipelineView } from '../../views/subjects.ts';

export const cancelPipelineRoute = endpoint({
  route: 'POST /api/v1/pipelines/:id/cancel',
  summary: 'Cancel a pipeline with the job it waits for',
  auth: 'deployments:write',
  params: idParams,
  reply: pipelineView,
  errors: ['not-found', 'job-finished', 'job-not-cancellable'],
  async run({ platform, actor, context }, { params }) {
    await cancelPipeline(platform, context, params.id);
    return getPipelineWithResult(platform.store.read, actor.ownerId, params.id);
  },
});
