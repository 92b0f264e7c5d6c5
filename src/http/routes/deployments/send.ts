import { z } from 'zod';
import { requestCall } from '../../../actions/request-call.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { defined } from '../../views/defined.ts';
import { callFields } from '../../views/sources.ts';
import { jobView } from '../../views/subjects.ts';

export const sendTransactionRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/transactions',
  summary: 'Call a function of a deployed contract by a transaction',
  description:
    'Sent by the same machine as a deployment: simulated first, never sent twice, watched until it is confirmed. Its record is a deployment with `call`, which has the decoded events in the end, and is cancelled and sped up like any other.',
  auth: 'deployments:write',
  params: idParams,
  body: z.strictObject(callFields).meta({ id: 'TransactionRequest' }),
  reply: jobView,
  waitsFor: 'jobs',
  errors: [
    ...(['not-found', 'deployment-not-there', 'confirmation-needed'] as const),
    ...(['function-unknown', 'function-ambiguous', 'function-arguments-invalid'] as const),
    ...(['function-reads-only', 'function-not-payable'] as const),
    ...(['unknown-network', 'network-not-configured', 'network-unsupported'] as const),
    ...(['unknown-signer', 'signer-needed', 'signer-frozen', 'signer-network-refused'] as const),
  ],
  run({ platform, context }, { params, body }) {
    const { confirm, ...call } = defined(body);
    return requestCall(platform, context, { id: params.id, ...call, confirmed: confirm });
  },
});
