import { z } from 'zod';
import { register } from '../../../actions/register.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { emailSchema, newPasswordSchema, tokensSchema } from './schemas.ts';

export const registerRoute = endpoint({
  route: 'POST /api/v1/auth/register',
  summary: 'Open an account and its first session',
  auth: 'none',
  body: z.strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    name: z.string().trim().min(1).max(limits.nameCharactersMax).optional(),
  }),
  reply: { 201: z.strictObject({ userId: z.uuid(), tokens: tokensSchema }) },
  errors: ['registration-closed', 'password-too-common', 'email-taken'],
  async run({ platform, requestId, client, onOwnerCreated }, { body }) {
    const name = body.name ?? body.email.split('@')[0] ?? body.email;
    return reply(201, await register(platform, { ...body, name, client, requestId, onOwnerCreated }));
  },
});
