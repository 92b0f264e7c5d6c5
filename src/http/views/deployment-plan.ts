import { z } from 'zod';
import { storedErrorSchema, time } from '../schemas.ts';
import { deploymentView } from './subjects.ts';

const hex = z.templateLiteral(['0x', z.string()]);
const { status, source } = deploymentView.shape;

export const deploymentPlanView = z
  .object({
    id: z.uuid(),
    state: z
      .enum(['running', 'confirmed', 'estimated', 'partial', 'failed'])
      .describe('`partial`: it has ended, and stands on some of its chains only.'),
    buildId: z.uuid(),
    salt: hex,
    address: hex.describe('The same on every chain.'),
    deployments: z
      .array(
        z.object({
          network: z.string(),
          deploymentId: z.uuid(),
          status,
          source,
          transactionHash: hex.nullable(),
          costWei: z.string().nullable(),
          error: storedErrorSchema.nullable(),
        }),
      )
      .describe('The newest deployment of each chain.'),
    createdAt: time,
  })
  .meta({ id: 'DeploymentPlan' });
