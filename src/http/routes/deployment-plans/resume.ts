import { z } from 'zod';
import { resumeDeploymentPlan } from '../../../actions/request-deployment-plan.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { defined } from '../../views/defined.ts';
import { deploymentPlanView } from '../../views/deployment-plan.ts';
import { gateFields } from '../../views/sources.ts';

export const resumeDeploymentPlanRoute = endpoint({
  route: 'POST /api/v1/deployment-plans/:id/resume',
  summary: 'Try a plan anew on the chains where it failed',
  description: 'What stands, or is under way, stays as it is. Acknowledgements are given once more.',
  auth: 'deployments:write',
  makesJobs: true,
  params: idParams,
  body: z.strictObject(gateFields).meta({ id: 'DeploymentPlanResume' }),
  reply: { 202: deploymentPlanView },
  errors: ['not-found', 'plan-not-resumable', 'plan-not-possible'],
  async run({ platform, context }, { params, body }) {
    const { policy, acknowledgements, confirm } = defined(body);
    const gate = { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm };
    return reply(202, await resumeDeploymentPlan(platform, context, { id: params.id, gate }));
  },
});
