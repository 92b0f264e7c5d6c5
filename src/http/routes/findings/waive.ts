import { z } from 'zod';
import { waiveFinding } from '../../../actions/waive-finding.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams, time } from '../../schemas.ts';
import { waiverView } from '../../views/findings.ts';

export const waiveFindingRoute = endpoint({
  route: 'POST /api/v1/findings/:id/waive',
  summary: 'Accept a finding in its project: it is shown and does not count',
  description:
    'Holds for the fingerprint, in every audit of the project, until it expires or is removed, and while the finding is no worse than now. Gates leave it out and name it. Kept in the audit log.',
  auth: 'audits:write',
  params: idParams,
  body: z.strictObject({
    reason: z.string().trim().min(1).max(limits.reasonCharactersMax),
    expiresAt: time.optional().describe('For ever without it.'),
  }),
  reply: { 201: waiverView },
  errors: ['not-found', 'waiver-expiry-past'],
  run: async ({ platform, context }, { params, body }) =>
    reply(
      201,
      await waiveFinding(platform, context, {
        findingId: params.id,
        reason: body.reason,
        expiresAt: body.expiresAt ?? null,
      }),
    ),
});
