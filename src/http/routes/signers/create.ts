import { z } from 'zod';
import { createSigner } from '../../../actions/create-signer.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { signerView } from '../../views/subjects.ts';

export const createSignerRoute = endpoint({
  route: 'POST /api/v1/signers',
  summary: 'Create a signer with a fresh key, kept encrypted',
  auth: 'signers:write',
  body: z.strictObject({ name: z.string().trim().min(1).max(limits.nameCharactersMax) }),
  reply: { 201: signerView },
  errors: ['signer-name-taken', 'too-many-signers'],
  async run({ platform, context }, { body }) {
    const signer = await createSigner(platform, context, body);
    return reply(201, signer, { location: `/api/v1/signers/${signer.id}` });
  },
});
