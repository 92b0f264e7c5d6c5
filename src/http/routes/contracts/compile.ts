import { requestCompile } from '../../../actions/request-compile.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { compileRequestSchema, sourceErrors } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const compile = endpoint({
  route: 'POST /api/v1/contracts/compile',
  summary: 'Compile sources into a build',
  auth: 'contracts:write',
  body: compileRequestSchema,
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: jobView,
  waitsFor: 'jobs',
  errors: [...sourceErrors],
  run: ({ platform, context }, { body }) => requestCompile(platform, context, defined(body)),
});
