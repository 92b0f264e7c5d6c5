import { z } from 'zod';
import { giveSignature, readUnsigned } from '../../../actions/sign-elsewhere.ts';
import type { Hex } from '../../../chain/types.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { idParams } from '../../schemas.ts';
import { deploymentView, jsonFees } from '../../views/subjects.ts';

const hex = z.templateLiteral(['0x', z.string()]);

export const readUnsignedRoute = endpoint({
  route: 'GET /api/v1/deployments/:id/signature',
  summary: 'What a wallet of your own is to sign for a deployment',
  auth: readScopes.deployments,
  params: idParams,
  reply: z
    .object({
      chainId: z.number(),
      from: hex,
      to: hex.nullable().describe('Null creates a contract.'),
      value: z.string().describe('Wei.'),
      data: hex,
      gas: z.string().describe('A proposal, as fees and nonce are: the wallet chooses.'),
      fees: jsonFees,
      nonce: z.number(),
    })
    .meta({ id: 'UnsignedTransaction' }),
  errors: ['not-found', 'signature-not-wanted'],
  run: ({ platform, actor }, { params }) => readUnsigned(platform.store.read, { actor }, params.id),
});

export const giveSignatureRoute = endpoint({
  route: 'POST /api/v1/deployments/:id/signature',
  summary: 'Give what a wallet of your own has signed for a deployment',
  description:
    'The signed bytes, or the hash of a transaction that the wallet has sent. Sender, chain, recipient, value and data have to be what was prepared. While it waits to be mined, another one of the same nonce takes its place.',
  auth: 'deployments:write',
  params: idParams,
  body: z
    .strictObject({
      signedTransaction: z
        .string()
        .regex(/^0x([0-9a-fA-F]{2})+$/, 'bytes in hex')
        .max(2 + 2 * limits.signedBytesMax)
        .optional(),
      transactionHash: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/, 'a transaction hash')
        .optional(),
    })
    .refine((body) => (body.signedTransaction === undefined) !== (body.transactionHash === undefined), {
      message: 'either signedTransaction or transactionHash',
    })
    .meta({ id: 'SignatureRequest' }),
  reply: { 202: deploymentView },
  errors: [
    ...(['not-found', 'signature-not-wanted', 'transaction-not-known'] as const),
    ...(['signed-transaction-unreadable', 'signed-transaction-differs'] as const),
    ...(['unknown-network', 'network-not-configured', 'chain-unreachable', 'rpc-error'] as const),
  ],
  async run({ platform, context }, { params, body }) {
    const { signedTransaction, transactionHash } = body;
    const given =
      signedTransaction === undefined
        ? { transactionHash: (transactionHash ?? '').toLowerCase() as Hex }
        : { signedTransaction: signedTransaction.toLowerCase() as Hex };
    return reply(202, await giveSignature(platform, context, { id: params.id, ...given }));
  },
});
