import { z } from 'zod';
import { listFindings } from '../../../store/findings.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { storedFindingView } from '../../views/findings.ts';
import { severityView } from '../../views/subjects.ts';

export const listFindingsRoute = endpoint({
  route: 'GET /api/v1/findings',
  summary: 'Findings of your audits, newest audit first, with what is waived',
  auth: 'contracts:read',
  query: pageQuery.extend({
    auditId: z.uuid().optional(),
    fingerprint: z.string().max(100).optional().describe('The same fault in every audit that found it.'),
    severity: severityView.optional(),
  }),
  reply: pageOf(storedFindingView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listFindings(platform.store.read, actor.ownerId, query),
});
