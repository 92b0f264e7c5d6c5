import { getDeployment } from '../../../store/deployments.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { deploymentView } from '../../views/subjects.ts';

export const readDeployment = endpoint({
  route: 'GET /api/v1/deployments/:id',
  summary: 'A deployment as the chain last showed it',
  auth: readScopes.deployments,
  params: idParams,
  reply: deploymentView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getDeployment(platform.store.read, actor.ownerId, params.id),
});
