import { z } from 'zod';
import { createSigner } from '../../../actions/create-signer.ts';
import type { Hex } from '../../../chain/types.ts';
import { limits } from '../../../lib/limits.ts';
import { signerKinds } from '../../../store/signers.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { signerView } from '../../views/subjects.ts';

export const createSignerRoute = endpoint({
  route: 'POST /api/v1/signers',
  summary: 'Create a signer: with a fresh key or one of yours, kept encrypted, or for one in AWS KMS',
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
          description: 'A key of yours that is kept from now on, encrypted; only for `local`. Never shown.',
        }),
    })
    .refine(({ kind = 'local', privateKey }) => kind === 'local' || privateKey === undefined, {
      path: ['privateKey'],
      message: 'only for the kind local: other keys never leave where they are',
    })
    .refine(({ kind = 'local', keyId }) => kind !== 'local' || keyId === undefined, {
      path: ['keyId'],
      message: 'only for keys that are kept elsewhere: a local one is made anew',
    }),
  reply: { 201: signerView },
  errors: [
    ...['signer-name-taken', 'signer-address-taken', 'too-many-signers', 'custody-not-configured'],
    'private-key-invalid',
    ...[
      'kms-key-needed',
      'kms-key-not-found',
      'kms-key-unsuitable',
      'kms-key-not-admitted',
      'kms-key-disabled',
    ],
    ...['kms-denied', 'kms-unavailable'],
  ],
  async run({ platform, context }, { body }) {
    const { privateKey, ...rest } = body;
    const key = privateKey as Hex | undefined;
    const signer = await createSigner(platform, context, { ...rest, privateKey: key });
    return reply(201, signer, { location: `/api/v1/signers/${signer.id}` });
  },
});
