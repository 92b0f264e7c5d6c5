import { z } from 'zod';
import { speedUpDeployment } from '../../../actions/replace-deployment.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { defined } from '../../views/defined.ts';
import { feeCapsField, feePolicyField } from '../../views/sources.ts';
import { deploymentView } from '../../views/subjects.ts';

export const speedUpDeploymentRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/speed-up',
  summary: 'Offer more for a deployment that waits to be mined',
  description:
    'A transaction with the same nonce and higher fees is signed and sent. Every hash is watched; the one that is mined counts.',
  auth: 'deployments:write',
  params: idParams,
  body: z
    .strictObject({ feePolicy: feePolicyField.optional(), feeCaps: feeCapsField.optional() })
    .meta({ id: 'SpeedUpRequest' }),
  reply: { 202: deploymentView },
  errors: [
    'not-found',
    'deployment-not-signed',
    'deployment-ended',
    'deployment-mined',
    'too-many-replacements',
    'signer-external',
  ],
  run: async ({ platform, context }, { params, body }) =>
    reply(202, await speedUpDeployment(platform, context, { id: params.id, ...defined(body) })),
});
