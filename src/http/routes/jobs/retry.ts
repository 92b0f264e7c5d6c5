import { retryJob } from '../../../actions/retry-job.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { generateErrors, sourceErrors } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const retryJobRoute = endpoint({
  route: 'POST /api/v1/jobs/:id/retry',
  summary: 'Try a job anew that failed or was cancelled',
  description:
    'Makes a new job with a new subject from what was asked for then; `retryOf` names the old one, which stays as it ' +
    'is. A deployment is planned and its gate evaluated anew, which needs the scope `deployments:write` too. A job of ' +
    'a pipeline goes on with `POST /api/v1/pipelines/{id}/retry`.',
  auth: 'contracts:write',
  params: idParams,
  reply: jobView,
  waitsFor: 'jobs',
  errors: [
    'not-found',
    'job-not-retryable',
    'job-of-pipeline',
    'job-retried',
    'job-kind-not-retryable',
    'unknown-network',
    'network-not-configured',
    'unknown-signer',
    'signer-needed',
    'build-not-usable',
    'audit-of-other-source',
    'contract-not-in-build',
    'nothing-deployable',
    'contract-not-deployable',
    'library-not-linked',
    'not-payable',
    'constructor-arguments-invalid',
    'policy-blocked',
    ...generateErrors,
    ...sourceErrors,
  ],
  run: ({ platform, context }, { params }) => retryJob(platform, context, params.id),
});
