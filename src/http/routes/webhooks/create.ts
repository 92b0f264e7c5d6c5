import { z } from 'zod';
import { createWebhook } from '../../../actions/create-webhook.ts';
import { limits } from '../../../lib/limits.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { wantedEvent, webhookSchema } from './schemas.ts';

export const createWebhookRoute = endpoint({
  route: 'POST /api/v1/webhooks',
  summary: 'Be told what happens at an address of yours; the signing secret is shown this once',
  description:
    'Messages are signed as [Standard Webhooks](https://www.standardwebhooks.com). A key also needs the scope to read what it wants to be told of: `contracts:read` for `job.*`, `pipelines:read` for `pipeline.*`, `deployments:read` for `deployment.*`, all three for `*`.',
  auth: 'webhooks:write',
  body: z.strictObject({
    url: z.string().max(limits.webhookUrlCharactersMax),
    events: z
      .array(wantedEvent)
      .min(1)
      .max(limits.webhookEventsMax)
      .describe('Types of events; `*` is all, those of later releases included.'),
    description: z.string().trim().max(limits.nameCharactersMax).default(''),
  }),
  reply: { 201: webhookSchema.extend({ secret: z.string().describe('Shown this once.') }) },
  errors: ['webhook-url-invalid', 'webhook-address-private', 'webhooks-limit-reached'],
  run: async ({ platform, context }, { body }) => reply(201, await createWebhook(platform, context, body)),
});
