import { endWaiverById } from '../../../actions/waive-finding.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams, noContent } from '../../schemas.ts';

export const removeWaiverRoute = endpoint({
  route: 'DELETE /api/v1/waivers/:id',
  summary: 'Remove a waiver: what it covered counts again',
  auth: 'audits:write',
  params: idParams,
  reply: noContent,
  errors: ['not-found'],
  async run({ platform, context }, { params }) {
    await endWaiverById(platform, context, params.id);
    return reply(204, null);
  },
});
