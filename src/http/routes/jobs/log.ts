import { z } from 'zod';
import { limits } from '../../../lib/limits.ts';
import { readJobLog } from '../../../store/job-logs.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams, time } from '../../schemas.ts';

const line = z
  .object({
    seq: z.number().describe('From 1, without gaps.'),
    at: time,
    level: z.enum(['info', 'warn', 'error']),
    message: z.string(),
    data: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'JobLogLine' });

export const readJobLogRoute = endpoint({
  route: 'GET /api/v1/jobs/:id/log',
  summary: 'What a job said while it worked, oldest first',
  description:
    `A job keeps ${limits.jobLogLinesMax} lines of at most ${limits.jobLogLineBytesMax} bytes; one more line says how ` +
    'many were dropped. Secrets are taken out.',
  auth: readScopes.jobs,
  params: idParams,
  query: z.strictObject({
    since: z.coerce
      .number<number | string>()
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Only lines after this `seq`.'),
    limit: z.coerce.number<number | string>().int().min(1).max(limits.jobLogPageMax).optional(),
  }),
  reply: z.object({
    items: z.array(line),
    nextSince: z
      .number()
      .nullable()
      .describe('Give it as `since` for the next page; null when there is none yet.'),
  }),
  errors: ['not-found'],
  run: ({ platform, actor }, { params, query }) =>
    readJobLog(platform.store.read, {
      ownerId: actor.ownerId,
      jobId: params.id,
      since: query.since ?? 0,
      limit: query.limit,
    }),
});
