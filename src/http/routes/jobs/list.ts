import { z } from 'zod';
import { jobKinds } from '../../../queue/kinds.ts';
import { listJobs } from '../../../store/jobs.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { jobSummaryView } from '../../views/subjects.ts';

export const listJobsRoute = endpoint({
  route: 'GET /api/v1/jobs',
  summary: 'Your jobs, newest first',
  auth: readScopes.jobs,
  query: pageQuery.extend({
    kind: z.enum(jobKinds as [string, ...string[]]).optional(),
    state: z.enum(['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled']).optional(),
  }),
  reply: pageOf(jobSummaryView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listJobs(platform.store.read, actor.ownerId, query),
});
