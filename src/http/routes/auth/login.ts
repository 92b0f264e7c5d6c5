import { z } from 'zod';
import { login } from '../../../actions/login.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint } from '../../endpoint.ts';
import { emailSchema, tokensSchema } from './schemas.ts';

export const loginRoute = endpoint({
  route: 'POST /api/v1/auth/login',
  summary: 'Open a session',
  auth: 'none',
  body: z.strictObject({ email: emailSchema, password: z.string().min(1).max(limits.passwordCharactersMax) }),
  reply: tokensSchema,
  errors: ['login-failed', 'account-deactivated'],
  run: ({ platform, requestId, client }, { body }) => login(platform, { ...body, client, requestId }),
});
