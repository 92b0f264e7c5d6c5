import { getAddress } from 'viem';
import { z } from 'zod';
import { requestDeployment } from '../../../actions/request-deployment.ts';
import { requestProxy } from '../../../actions/request-proxy.ts';
import { endpoint } from '../../endpoint.ts';
import { defined } from '../../views/defined.ts';
import { deployFields, gateFields, proxyField } from '../../views/sources.ts';
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
      proxy: proxyField.optional().describe('Puts a proxy before it, which is what the job deploys.'),
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
    ...(['upgrade-unsafe', 'storage-layout-missing', 'proxy-not-simulated', 'build-not-compiled'] as const),
    ...(['function-unknown', 'function-ambiguous', 'function-arguments-invalid'] as const),
  ],
  async run({ platform, context }, { body }) {
    const { policy, acknowledgements, confirm, proxy, ...deployment } = defined(body);
    const gate = { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm };
    const request = { ...deployment, gate };
    if (!proxy) return requestDeployment(platform, context, request);
    const { owner, initialize, kind } = proxy;
    return requestProxy(platform, context, {
      ...request,
      proxy: {
        kind,
        initialize: initialize && defined(initialize),
        owner: owner === undefined ? undefined : getAddress(owner),
      },
    });
  },
});
