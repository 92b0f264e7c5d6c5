import { z } from 'zod';
import { retryJob } from '../../../actions/retry-job.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { gateFields, generateErrors, sourceErrors } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const retryJobRoute = endpoint({
  route: 'POST /api/v1/jobs/:id/retry',
  summary: 'Try a job anew that failed or was cancelled',
  description:
    'Makes a new job with a new subject from what was asked for then; `retryOf` names the old one, which stays as it ' +
    'is. A deployment is planned and its gate evaluated anew, which needs the scope `deployments:write` too: what was ' +
    'acknowledged and confirmed for the old one does not count and is given again in the body, which may be left out ' +
    'otherwise. It is tried anew once, whichever of its jobs is named, and not while it may still appear on the chain. ' +
    'A job of a pipeline goes on with `POST /api/v1/pipelines/{id}/retry`.',
  auth: 'contracts:write',
  params: idParams,
  body: z
    .strictObject({ acknowledgements: gateFields.acknowledgements, confirm: gateFields.confirm })
    .default({ acknowledgements: [], confirm: false }),
  reply: jobView,
  waitsFor: 'jobs',
  errors: [
    'not-found',
    'job-not-retryable',
    'job-of-pipeline',
    'job-retried',
    'deployment-retried',
    'job-kind-not-retryable',
    'unknown-network',
    'network-not-configured',
    'network-unsupported',
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
  async run({ platform, context }, { params, body }) {
    const { acknowledgements, confirm } = body;
    return retryJob(platform, context, { id: params.id, acknowledgements, confirmed: confirm });
  },
});
