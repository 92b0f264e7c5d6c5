import { endWaiverOfFinding } from '../../../actions/waive-finding.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams, noContent } from '../../schemas.ts';

export const unwaiveFindingRoute = endpoint({
  route: 'DELETE /api/v1/findings/:id/waive',
  summary: 'Remove the waiver of a finding: it counts again',
  auth: 'audits:write',
  params: idParams,
  reply: noContent,
  errors: ['not-found'],
  async run({ platform, context }, { params }) {
    await endWaiverOfFinding(platform, context, params.id);
    return reply(204, null);
  },
});
