import { changeSignerPolicy } from '../../../actions/signer-policy.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { signerPolicyField, signerView } from '../../views/subjects.ts';

export const changeSignerPolicyRoute = endpoint({
  route: 'PUT /api/v1/signers/:id/policy',
  summary: 'Say what a signer may do: networks, fee, spend per day',
  description:
    'Replaces the whole policy. It holds for deployments and replacements from now on, those that wait included; one that a worker has in its hands goes by the policy of before until it waits or ends.',
  auth: 'signers:write',
  params: idParams,
  body: signerPolicyField,
  reply: signerView,
  errors: ['not-found', 'policy-network-unknown'],
  run: ({ platform, context }, { params, body }) =>
    changeSignerPolicy(platform, context, { id: params.id, policy: body }),
});
