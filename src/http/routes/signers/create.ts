import { z } from 'zod';
import { createSigner } from '../../../actions/create-signer.ts';
import { limits } from '../../../lib/limits.ts';
import { signerKinds } from '../../../store/signers.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { signerView } from '../../views/subjects.ts';

export const createSignerRoute = endpoint({
  route: 'POST /api/v1/signers',
  summary: 'Create a signer: with a fresh key, kept encrypted, or for one in AWS KMS',
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
    })
    .refine(({ kind = 'local', keyId }) => kind !== 'local' || keyId === undefined, {
      path: ['keyId'],
      message: 'only for keys that are kept elsewhere: a local one is made anew',
    }),
  reply: { 201: signerView },
  errors: [
    ...['signer-name-taken', 'signer-address-taken', 'too-many-signers', 'custody-not-configured'],
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
    const signer = await createSigner(platform, context, body);
    return reply(201, signer, { location: `/api/v1/signers/${signer.id}` });
  },
});
