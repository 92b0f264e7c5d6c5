import { listPipelines } from '../../../store/pipelines.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { pipelineSummaryView } from '../../views/subjects.ts';

export const listPipelinesRoute = endpoint({
  route: 'GET /api/v1/pipelines',
  summary: 'Your pipelines, newest first',
  auth: readScopes.pipelines,
  query: pageQuery,
  reply: pageOf(pipelineSummaryView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listPipelines(platform.store.read, actor.ownerId, query),
});
