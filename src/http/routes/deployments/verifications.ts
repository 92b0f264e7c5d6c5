import { getVerifications } from '../../../actions/request-verification.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { verificationsView } from '../../views/verifications.ts';

export const listVerificationsRoute = endpoint({
  route: 'GET /api/v1/deployments/:id/verifications',
  summary: 'Where the source of a deployment is verified, and what each place said last',
  auth: readScopes.deployments,
  params: idParams,
  reply: verificationsView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getVerifications(platform.store.read, actor.ownerId, params.id),
});
