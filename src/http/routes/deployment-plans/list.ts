import { listDeploymentPlans } from '../../../store/deployment-plans.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { deploymentPlanView } from '../../views/deployment-plan.ts';

export const listDeploymentPlansRoute = endpoint({
  route: 'GET /api/v1/deployment-plans',
  summary: 'Your plans, newest first',
  auth: readScopes.deployments,
  query: pageQuery,
  reply: pageOf(deploymentPlanView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listDeploymentPlans(platform.store.read, actor.ownerId, query),
});
