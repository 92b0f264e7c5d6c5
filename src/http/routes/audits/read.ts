import { getAudit } from '../../../store/audits.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { auditView } from '../../views/subjects.ts';

export const readAudit = endpoint({
  route: 'GET /api/v1/audits/:id',
  summary: 'An audit with its findings',
  auth: 'contracts:read',
  params: idParams,
  reply: auditView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getAudit(platform.store.read, actor.ownerId, params.id),
});
