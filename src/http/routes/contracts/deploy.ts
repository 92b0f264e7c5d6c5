import { z } from 'zod';
import { requestDeployment } from '../../../actions/request-deployment.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { deployFields, gateFields } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const deploy = endpoint({
  route: 'POST /api/v1/contracts/deploy',
  summary: 'Deploy a contract of a build',
  auth: 'deployments:write',
  body: z
    .strictObject({
      buildId: z.uuid(),
      contract: z
        .string()
        .max(500)
        .optional()
        .describe('`Name` or `file:Name`; else the one the build chose.'),
      auditId: z.uuid().optional().describe('What the gate looks at; else the newest audit of the build.'),
      ...deployFields,
      ...gateFields,
    })
    .meta({ id: 'DeployRequest' }),
  reply: jobView,
  waitsFor: 'jobs',
  errors: [
    'not-found',
    'unknown-network',
    'network-not-configured',
    'network-unsupported',
    'unknown-signer',
    'signer-needed',
    'signer-frozen',
    'signer-network-refused',
    'build-not-usable',
    'audit-of-other-source',
    'contract-not-in-build',
    'nothing-deployable',
    'contract-not-deployable',
    'library-not-linked',
    'not-payable',
    'create2-unsupported',
    'constructor-arguments-invalid',
    'policy-blocked',
  ],
  async run({ platform, context }, { body }) {
    const { policy, acknowledgements, confirm, ...deployment } = defined(body);
    return requestDeployment(platform, context, {
      ...deployment,
      gate: { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm },
    });
  },
});
