import { getJobWithResult } from '../../../store/results.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { jobView } from '../../views/subjects.ts';

export const readJob = endpoint({
  route: 'GET /api/v1/jobs/:id',
  summary: 'A job with what it has made so far',
  auth: readScopes.jobs,
  params: idParams,
  reply: jobView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getJobWithResult(platform.store.read, actor.ownerId, params.id),
});
