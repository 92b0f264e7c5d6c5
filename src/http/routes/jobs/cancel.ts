import { cancelJob } from '../../../actions/cancel-job.ts';
import { getJobWithResult } from '../../../store/results.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { jobView } from '../../views/subjects.ts';

export const cancelJobRoute = endpoint({
  route: 'POST /api/v1/jobs/:id/cancel',
  summary: 'Cancel a job; final once it is accepted',
  auth: 'contracts:write',
  params: idParams,
  reply: jobView,
  errors: ['not-found', 'job-finished', 'job-not-cancellable'],
  async run({ platform, actor, context }, { params }) {
    await cancelJob(platform, context, params.id);
    return getJobWithResult(platform.store.read, actor.ownerId, params.id);
  },
});
