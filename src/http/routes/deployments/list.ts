import { z } from 'zod';
import { listDeployments } from '../../../store/deployments.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { deploymentView } from '../../views/subjects.ts';

export const listDeploymentsRoute = endpoint({
  route: 'GET /api/v1/deployments',
  summary: 'Your deployments, newest first',
  auth: readScopes.deployments,
  query: pageQuery.extend({ network: z.string().max(100).optional(), status: z.string().max(40).optional() }),
  reply: pageOf(deploymentView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listDeployments(platform.store.read, actor.ownerId, query),
});
