import { z } from 'zod';
import { createApiKey } from '../../../actions/create-api-key.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { apiKeySchema, scopeSchema } from './schemas.ts';

export const createApiKeyRoute = endpoint({
  route: 'POST /api/v1/api-keys',
  summary: 'Make an API key; its text is shown this once',
  auth: 'api-keys:write',
  body: z.strictObject({
    name: z.string().trim().min(1).max(limits.nameCharactersMax),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .max(50)
      .describe('A scope to write includes the one to read; `*` is all.'),
    expiresInSeconds: z.int().min(60).max(315_360_000).nullable().default(null),
  }),
  reply: { 201: apiKeySchema.extend({ key: z.string().describe('Shown this once.') }) },
  errors: ['api-key-scopes-exceeded', 'api-keys-limit-reached'],
  run: async ({ platform, context }, { body }) => reply(201, await createApiKey(platform, context, body)),
});
