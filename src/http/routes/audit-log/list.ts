import { z } from 'zod';
import { listAuditLog } from '../../../store/audit-log.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery, time } from '../../schemas.ts';

const line = z
  .object({
    id: z.uuid(),
    at: time,
    actor: z.record(z.string(), z.unknown()).describe('Who: the user, and the session or key that was used.'),
    action: z.string(),
    objectKind: z.string().nullable(),
    objectId: z.string().nullable(),
    requestId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditLogLine' });

export const listAuditLogRoute = endpoint({
  route: 'GET /api/v1/audit-log',
  summary: 'Who did what in your name, newest first',
  auth: 'user',
  query: pageQuery.extend({
    action: z.string().max(100).optional().describe('Such as `finding.acknowledged`.'),
    objectId: z.string().max(100).optional(),
  }),
  reply: pageOf(line),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listAuditLog(platform.store.read, actor.ownerId, query),
});
