import { z } from 'zod';
import { limits } from '../../../lib/limits.ts';

export const emailSchema = z.email().max(254);

/** A new password. An old one may be of any length: it is only compared. */
export const newPasswordSchema = z
  .string()
  .min(limits.passwordCharactersMin)
  .max(limits.passwordCharactersMax)
  .describe('At least 12 characters, and not a common password.');

export const tokensSchema = z
  .strictObject({
    accessToken: z.string().describe('For the Authorization header.'),
    expiresInSeconds: z.int().describe('Life of the access token.'),
    refreshToken: z.string().describe('For one use at POST /api/v1/auth/refresh.'),
  })
  .meta({ id: 'Tokens' });

export const profileSchema = z
  .strictObject({
    id: z.uuid(),
    ownerId: z.uuid(),
    projectId: z.uuid().describe('The default project.'),
    email: z.string().nullable(),
    name: z.string(),
    roles: z.array(z.enum(['user', 'operator', 'auditor'])),
    tier: z.enum(['free', 'pro', 'enterprise']),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Profile' });
