import { cancelDeployment } from '../../../actions/replace-deployment.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { deploymentView } from '../../views/subjects.ts';

export const cancelDeploymentRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/cancel',
  summary: 'Cancel a deployment that is not mined',
  description:
    'Before anything is signed it ends at once. Afterwards an empty transaction is sent for the same nonce: the deployment stays open until one of the two is mined, and ends as `cancelled` or `confirmed`.',
  auth: 'deployments:write',
  params: idParams,
  reply: { 202: deploymentView },
  errors: [
    ...['not-found', 'deployment-ended', 'deployment-mined', 'too-many-replacements', 'job-not-cancellable'],
    'job-finished',
  ],
  run: async ({ platform, context }, { params }) =>
    reply(202, await cancelDeployment(platform, context, params.id)),
});
