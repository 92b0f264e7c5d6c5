import { listBuilds } from '../../../store/builds.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { buildSummaryView } from '../../views/subjects.ts';

export const listBuildsRoute = endpoint({
  route: 'GET /api/v1/builds',
  summary: 'Your builds, newest first',
  auth: 'contracts:read',
  query: pageQuery,
  reply: pageOf(buildSummaryView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listBuilds(platform.store.read, actor.ownerId, query),
});
