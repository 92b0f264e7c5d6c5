import { z } from 'zod';
import { callDeployment } from '../../../actions/call-deployment.ts';
import type { Hex } from '../../../chain/types.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { defined } from '../../views/defined.ts';
import { functionFields } from '../../views/sources.ts';

export const callDeploymentRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/call',
  summary: 'Read from a deployed contract',
  description:
    'Arguments by the ABI of the build, results decoded. Nothing is sent: a function that would change something shows what it would return.',
  auth: readScopes.deployments,
  params: idParams,
  body: z
    .strictObject({
      ...functionFields,
      block: z
        .number()
        .int()
        .min(0)
        .max(Number.MAX_SAFE_INTEGER)
        .optional()
        .describe('The newest when absent.'),
      from: z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
        .optional()
        .describe('Who seems to call; the signer of the deployment when absent.'),
    })
    .meta({ id: 'DeploymentCall' }),
  reply: z
    .object({
      function: z.string(),
      readsOnly: z.boolean().describe('False for a function that would change something if it were sent.'),
      result: z
        .record(z.string(), z.unknown())
        .describe('By name, or by position; integers are decimal strings.'),
      raw: z.templateLiteral(['0x', z.string()]),
    })
    .meta({ id: 'DeploymentCallResult' }),
  errors: [
    ...(['not-found', 'deployment-not-there', 'call-reverted', 'call-unreadable'] as const),
    ...(['function-unknown', 'function-ambiguous', 'function-arguments-invalid'] as const),
    ...(['network-not-configured', 'unknown-network', 'chain-unreachable', 'rpc-error'] as const),
  ],
  run({ platform, context }, { params, body }) {
    const { from, ...call } = defined(body);
    return callDeployment(platform, context, {
      ...{ id: params.id, ...call },
      ...(from ? { from: from as Hex } : {}),
    });
  },
});
