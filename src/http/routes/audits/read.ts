import { z } from 'zod';
import { compareWithAudit } from '../../../actions/report-audit.ts';
import { getAudit } from '../../../store/audits.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { comparedAuditView } from '../../views/findings.ts';

export const readAudit = endpoint({
  route: 'GET /api/v1/audits/:id',
  summary: 'An audit with its findings',
  description:
    'With `baseline`, the id of another audit, `comparison` says what is new, unchanged and no longer found. Other formats: `/report`.',
  auth: 'contracts:read',
  params: idParams,
  query: z.strictObject({ baseline: z.uuid().optional() }),
  reply: comparedAuditView,
  errors: ['not-found', 'audit-not-finished'],
  async run({ platform, actor }, { params, query }) {
    const { read } = platform.store;
    const audit = await getAudit(read, actor.ownerId, params.id);
    if (query.baseline === undefined) return audit;
    return { ...audit, comparison: await compareWithAudit(read, actor.ownerId, audit, query.baseline) };
  },
});
