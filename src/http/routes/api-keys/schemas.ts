import { z } from 'zod';
import { time } from '../../schemas.ts';

/** Everything that a key can be allowed. */
export const scopeSchema = z.enum([
  '*',
  ...(
    [
      'contracts',
      'jobs',
      'builds',
      'audits',
      'deployments',
      'pipelines',
      'signers',
      'webhooks',
      'catalogue',
      'api-keys',
      'account',
    ] as const
  ).flatMap((resource) => [`${resource}:read` as const, `${resource}:write` as const]),
]);

export const apiKeySchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    keyId: z.string().describe('The part of the key that may be shown.'),
    scopes: z.array(z.string()),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable().describe('Noted at most once a minute.'),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey' });
