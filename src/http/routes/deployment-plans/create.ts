import { z } from 'zod';
import { requestDeploymentPlan } from '../../../actions/request-deployment-plan.ts';
import type { Hex } from '../../../chain/types.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { deploymentPlanView } from '../../views/deployment-plan.ts';
import { deployFields, gateFields } from '../../views/sources.ts';

const { network, salt, ...fields } = deployFields;

export const createDeploymentPlanRoute = endpoint({
  route: 'POST /api/v1/deployment-plans',
  summary: 'One contract at one address on many chains',
  description:
    'A deployment by CREATE2 for each network, all of them or none. A chain on which the contract stands already is confirmed at no cost. Follow each deployment, or read the plan.',
  auth: 'deployments:write',
  makesJobs: true,
  body: z
    .strictObject({
      buildId: z.uuid(),
      contract: z
        .string()
        .max(500)
        .optional()
        .describe('`Name` or `file:Name`; else the one the build chose.'),
      auditId: z.uuid().optional().describe('What the gates look at; else the newest audit of the build.'),
      networks: z.array(network).min(1).max(limits.planNetworksMax),
      salt: salt.describe('32 bytes; made up when absent. Another salt is another address.'),
      ...fields,
      ...gateFields,
    })
    .meta({ id: 'DeploymentPlanRequest' }),
  reply: { 201: deploymentPlanView },
  errors: ['not-found', 'plan-not-possible', 'plan-addresses-differ'],
  async run({ platform, context }, { body }) {
    const { policy, acknowledgements, confirm, salt, ...request } = defined(body);
    const plan = await requestDeploymentPlan(platform, context, {
      ...request,
      ...(salt ? { salt: salt as Hex } : {}),
      gate: { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm },
    });
    return reply(201, plan, { location: `/api/v1/deployment-plans/${plan.id}` });
  },
});
