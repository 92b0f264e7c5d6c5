import { z } from 'zod';
import { refresh } from '../../../actions/refresh.ts';
import { endpoint } from '../../endpoint.ts';
import { tokensSchema } from './schemas.ts';

export const refreshRoute = endpoint({
  route: 'POST /api/v1/auth/refresh',
  summary: 'Exchange a refresh token for new tokens',
  description:
    'A refresh token is good for one use. A second use ends the session, except within ten seconds by the same client, which gets the same reply: two tabs of one browser.',
  auth: 'none',
  body: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
  reply: tokensSchema,
  errors: [
    'refresh-token-invalid',
    'refresh-token-expired',
    'refresh-token-reused',
    'session-revoked',
    'account-deactivated',
  ],
  run: ({ platform, requestId, client }, { body }) => refresh(platform, { ...body, client, requestId }),
});
