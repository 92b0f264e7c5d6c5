import { getPipelineWithResult } from '../../../store/results.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { pipelineView } from '../../views/subjects.ts';

export const readPipeline = endpoint({
  route: 'GET /api/v1/pipelines/:id',
  summary: 'A pipeline with what its stages have made so far',
  auth: readScopes.pipelines,
  params: idParams,
  reply: pipelineView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) =>
    getPipelineWithResult(platform.store.read, actor.ownerId, params.id),
});
