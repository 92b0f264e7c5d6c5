import { listWebhooks } from '../../../store/webhooks.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { webhookSchema } from './schemas.ts';

export const listWebhooksRoute = endpoint({
  route: 'GET /api/v1/webhooks',
  summary: 'Webhooks of this account, newest first',
  auth: 'webhooks:read',
  query: pageQuery,
  reply: pageOf(webhookSchema),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listWebhooks(platform.store.read, actor.ownerId, query),
});
