import { z } from 'zod';
import { reconcileSigner } from '../../../actions/reconcile-signer.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams, storedErrorSchema } from '../../schemas.ts';

const hex = z.templateLiteral(['0x', z.string()]);

export const reconcileSignerRoute = endpoint({
  route: 'POST /api/v1/signers/:id/reconcile',
  summary: 'Compare a signer with its chains, and let it sign again',
  description:
    'Nonces that a chain is ahead with are taken over. A signer that was frozen because its key was used elsewhere signs again where nothing is undecided. Nothing is sent.',
  auth: 'signers:write',
  params: idParams,
  reply: z
    .object({
      signerId: z.uuid(),
      address: hex,
      accounts: z.array(
        z.object({
          network: z.string(),
          chainId: z.number(),
          chainNonce: z.number().nullable(),
          pendingNonce: z.number().nullable(),
          nextNonceBefore: z.number(),
          nextNonceAfter: z.number(),
          frozenBefore: z.string().nullable(),
          frozenAfter: z.string().nullable(),
          slots: z.array(z.object({ deploymentId: z.uuid(), nonce: z.number(), mined: z.boolean() })),
          problem: storedErrorSchema.nullable(),
        }),
      ),
    })
    .meta({ id: 'ReconciledSigner' }),
  errors: ['not-found'],
  run: ({ platform, context }, { params }) => reconcileSigner(platform, context, params.id),
});
