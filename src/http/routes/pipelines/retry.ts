import { z } from 'zod';
import { retryPipeline } from '../../../actions/retry-pipeline.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { acknowledgementSchema } from '../../views/sources.ts';
import { pipelineView } from '../../views/subjects.ts';

export const retryPipelineRoute = endpoint({
  route: 'POST /api/v1/pipelines/:id/retry',
  summary: 'Go on from the stage that failed, was blocked or was cancelled',
  auth: 'deployments:write',
  params: idParams,
  body: z.strictObject({
    acknowledgements: z.array(acknowledgementSchema).max(limits.acknowledgementsMax).default([]),
    confirm: z.boolean().default(false),
  }),
  reply: pipelineView,
  waitsFor: 'pipelines',
  errors: ['not-found', 'pipeline-not-retryable'],
  async run({ platform, context }, { params, body }) {
    const { acknowledgements, confirm } = body;
    return retryPipeline(platform, context, { id: params.id, acknowledgements, confirmed: confirm });
  },
});
