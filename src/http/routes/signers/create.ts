import { getAddress } from 'viem';
import { z } from 'zod';
import { createSigner } from '../../../actions/create-signer.ts';
import type { Hex } from '../../../chain/types.ts';
import { limits } from '../../../lib/limits.ts';
import { signerKinds } from '../../../store/signers.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { signerView } from '../../views/subjects.ts';

export const createSignerRoute = endpoint({
  route: 'POST /api/v1/signers',
  summary:
    'Create a signer: with a fresh key or one of yours, kept encrypted or in Vault, or for one in AWS KMS or your own wallet',
  auth: 'signers:write',
  body: z
    .strictObject({
      name: z.string().trim().min(1).max(limits.nameCharactersMax),
      kind: z.enum(signerKinds).optional().meta({ description: '`local` when absent' }),
      keyId: z
        .string()
        .min(1)
        .max(limits.keyIdCharactersMax)
        .regex(/^[\w:/.-]+$/)
        .optional()
        .meta({ description: 'ARN, id or alias of the key in AWS KMS' }),
      privateKey: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/, '32 bytes of hex')
        .optional()
        .meta({
          description: 'A key of yours that is kept from now on, for `local` and `vault`. Never shown.',
        }),
      address: z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
        .optional()
        .meta({ description: 'Of the account in a wallet of your own, for `external`.' }),
    })
    .refine(({ kind, address }) => (kind === 'external') === (address !== undefined), {
      path: ['address'],
      message: 'for `external`, which needs it, and for nothing else',
    })
    .refine(
      ({ kind = 'local', privateKey }) => ['local', 'vault'].includes(kind) || privateKey === undefined,
      {
        path: ['privateKey'],
        message: 'only for keys that are kept here or in Vault',
      },
    )
    .refine(({ kind, keyId }) => kind === 'aws-kms' || keyId === undefined, {
      path: ['keyId'],
      message: 'only for keys in AWS KMS: others are made here',
    }),
  reply: { 201: signerView },
  errors: [
    ...['signer-name-taken', 'signer-address-taken', 'too-many-signers', 'custody-not-configured'],
    ...['private-key-invalid', 'signer-address-needed'],
    ...[
      'kms-key-needed',
      'kms-key-not-found',
      'kms-key-unsuitable',
      'kms-key-not-admitted',
      'kms-key-disabled',
    ],
    ...['kms-denied', 'kms-unavailable', 'vault-denied', 'vault-unavailable', 'vault-key-exists'],
  ],
  async run({ platform, context }, { body }) {
    const { privateKey, address, ...rest } = body;
    const signer = await createSigner(platform, context, {
      ...rest,
      privateKey: privateKey as Hex | undefined,
      ...(address === undefined ? {} : { address: getAddress(address) }),
    });
    return reply(201, signer, { location: `/api/v1/signers/${signer.id}` });
  },
});
