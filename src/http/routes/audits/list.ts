import { listAudits } from '../../../store/audits.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { auditSummaryView } from '../../views/subjects.ts';

export const listAuditsRoute = endpoint({
  route: 'GET /api/v1/audits',
  summary: 'Your audits, newest first',
  auth: 'contracts:read',
  query: pageQuery,
  reply: pageOf(auditSummaryView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listAudits(platform.store.read, actor.ownerId, query),
});
