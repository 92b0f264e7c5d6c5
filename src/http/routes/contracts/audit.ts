import { z } from 'zod';
import { requestAudit } from '../../../actions/request-audit.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { compileRequestSchema, sourceErrors, toolsField } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

const prove = z
  .boolean()
  .optional()
  .describe('Whether findings are to be shown by an attack that is carried out, where that can be done.');

export const audit = endpoint({
  route: 'POST /api/v1/contracts/audit',
  summary: 'Audit a build or sources',
  auth: 'contracts:write',
  body: z.union([
    z.strictObject({ buildId: z.uuid(), tools: toolsField.optional(), prove }),
    compileRequestSchema.extend({ tools: toolsField.optional(), prove }).meta({ id: 'AuditOfSources' }),
  ]),
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: jobView,
  waitsFor: 'jobs',
  errors: ['not-found', 'build-not-usable', 'tool-not-allowed', ...sourceErrors],
  run: ({ platform, context }, { body }) => requestAudit(platform, context, defined(body)),
});
