import { requestGeneration } from '../../../actions/request-generation.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { generateErrors, generateRequestSchema } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const generate = endpoint({
  route: 'POST /api/v1/contracts/generate',
  summary: 'Generate a contract from a template or a prompt',
  auth: 'contracts:write',
  body: generateRequestSchema,
  reply: jobView,
  waitsFor: 'jobs',
  errors: [...generateErrors],
  run: ({ platform, context }, { body }) => requestGeneration(platform, context, defined(body)),
});
