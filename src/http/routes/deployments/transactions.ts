import { getDeployment, listDeployments } from '../../../store/deployments.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams, pageOf, pageQuery } from '../../schemas.ts';
import { deploymentView } from '../../views/subjects.ts';

export const listTransactionsRoute = endpoint({
  route: 'GET /api/v1/deployments/:id/transactions',
  summary: 'Transactions that call a deployed contract, newest first',
  auth: readScopes.deployments,
  params: idParams,
  query: pageQuery,
  reply: pageOf(deploymentView),
  errors: ['not-found', 'cursor-invalid'],
  async run({ platform, actor }, { params, query }) {
    const { read } = platform.store;
    await getDeployment(read, actor.ownerId, params.id);
    return listDeployments(read, actor.ownerId, { ...query, targetId: params.id });
  },
});
