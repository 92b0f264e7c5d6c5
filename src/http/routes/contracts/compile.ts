import { requestCompile } from '../../../actions/request-compile.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { compileBodySchema, toCompileRequest } from '../../views/compile-body.ts';
import { projectErrors, sourceErrors } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const compile = endpoint({
  route: 'POST /api/v1/contracts/compile',
  summary: 'Compile sources, standard JSON input or a whole project into a build',
  description:
    'Give one of `sources`, `standardJson` and `archive`. An archive holds a Hardhat or Foundry project as it is: its ' +
    'configuration is read as data and never run, its settings and remappings hold, and dependencies that it does not ' +
    'bring come from the bundled libraries. How it was read is told in diagnostics of severity `info`.',
  auth: 'contracts:write',
  body: compileBodySchema,
  bodyBytesMax: limits.sourceBodyBytesMax,
  reply: jobView,
  waitsFor: 'jobs',
  errors: [...sourceErrors, ...projectErrors],
  run: async ({ platform, context }, { body }) =>
    requestCompile(platform, context, await toCompileRequest(body)),
});
