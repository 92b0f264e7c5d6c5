import { requestVerification } from '../../../actions/request-verification.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { verificationsView } from '../../views/verifications.ts';

export const verifyDeploymentRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/verify',
  summary: 'Have the source of a confirmed deployment verified, or try it anew',
  description:
    'Every place that the network has is sent the exact compiler input of the build, each by a job of its own. What is under way or verified stays as it is.',
  auth: 'deployments:write',
  makesJobs: true,
  params: idParams,
  reply: { 202: verificationsView },
  errors: ['not-found', 'deployment-not-confirmed', 'network-not-configured', 'unknown-network'],
  run: async ({ platform, context }, { params }) =>
    reply(202, await requestVerification(platform, context, params.id)),
});
