import { z } from 'zod';
import { requestUpgrade } from '../../../actions/request-proxy.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { defined } from '../../views/defined.ts';
import { deployFields, functionFields, gateFields } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

const { signer, constructorArgs, feePolicy, feeCaps, confirmations } = deployFields;

export const upgradeDeploymentRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/upgrade',
  summary: 'Put another implementation behind a proxy',
  description:
    'It is compared with the one that stands there (storage layout and upgrade safety), deployed, and put in its place by a transaction of its own: the job is that transaction’s.',
  auth: 'deployments:write',
  params: idParams,
  body: z
    .strictObject({
      buildId: z.uuid(),
      contract: z.string().max(500).optional(),
      auditId: z.uuid().optional(),
      call: z
        .strictObject(functionFields)
        .optional()
        .describe('Called on the new implementation in the same transaction, on the proxy’s storage.'),
      current: z
        .strictObject({ buildId: z.uuid(), contract: z.string().max(500).optional() })
        .optional()
        .describe(
          'The build of what stands there now, where that was put there elsewhere; its code is compared.',
        ),
      ...{ signer, constructorArgs, feePolicy, feeCaps, confirmations },
      ...gateFields,
    })
    .meta({ id: 'UpgradeRequest' }),
  reply: jobView,
  waitsFor: 'jobs',
  errors: [
    ...([
      'not-found',
      'not-a-proxy',
      'deployment-not-there',
      'upgrade-unsafe',
      'storage-layout-missing',
      'upgrade-under-way',
    ] as const),
    ...(['implementation-changed', 'current-differs', 'chain-unreachable', 'wrong-chain'] as const),
    ...(['beacon-calls-nothing', 'build-not-usable', 'build-not-compiled', 'contract-not-in-build'] as const),
    ...(['contract-not-deployable', 'library-not-linked', 'constructor-arguments-invalid'] as const),
    ...(['function-unknown', 'function-ambiguous', 'function-arguments-invalid'] as const),
    ...(['audit-of-other-source', 'policy-blocked', 'create2-unsupported'] as const),
    ...(['unknown-network', 'network-not-configured', 'network-unsupported'] as const),
    ...(['unknown-signer', 'signer-needed', 'signer-frozen', 'signer-network-refused'] as const),
  ],
  run({ platform, context }, { params, body }) {
    const { policy, acknowledgements, confirm, call, current, ...request } = defined(body);
    const gate = { ...(policy ? { policy } : {}), acknowledgements, confirmed: confirm };
    return requestUpgrade(platform, context, {
      ...{ id: params.id, ...request, gate, confirmed: confirm },
      ...(call ? { call: defined(call) } : {}),
      ...(current ? { current: defined(current) } : {}),
    });
  },
});
