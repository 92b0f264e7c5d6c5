import { z } from 'zod';
import { exportSigner } from '../../../actions/export-signer.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';

const hex = z.templateLiteral(['0x', z.string()]);

export const exportSignerRoute = endpoint({
  route: 'POST /api/v1/signers/:id/export',
  summary: 'Take your private key out',
  description:
    'For keys that the platform keeps. The name of the signer and the password of the account say that it is meant; an account without a password needs the name only. It is in the audit log.',
  auth: 'signers:write',
  params: idParams,
  body: z.strictObject({
    name: z.string().max(limits.nameCharactersMax).describe('The name of the signer, letter for letter.'),
    password: z.string().max(limits.passwordCharactersMax).optional(),
  }),
  reply: z
    .object({ id: z.uuid(), address: hex, privateKey: hex.describe('32 bytes.') })
    .meta({ id: 'ExportedSigner' }),
  errors: ['not-found', 'export-not-confirmed', 'password-wrong', 'signer-not-exportable'],
  run: ({ platform, context }, { params, body }) =>
    exportSigner(platform, context, { id: params.id, ...body }),
});
