import { getDeploymentPlan } from '../../../store/deployment-plans.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { deploymentPlanView } from '../../views/deployment-plan.ts';

export const readDeploymentPlan = endpoint({
  route: 'GET /api/v1/deployment-plans/:id',
  summary: 'A plan, with how it stands on each chain',
  auth: readScopes.deployments,
  params: idParams,
  reply: deploymentPlanView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getDeploymentPlan(platform.store.read, actor.ownerId, params.id),
});
