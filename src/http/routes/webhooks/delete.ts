import { deleteWebhook } from '../../../actions/delete-webhook.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams, noContent } from '../../schemas.ts';

export const deleteWebhookRoute = endpoint({
  route: 'DELETE /api/v1/webhooks/:id',
  summary: 'Delete a webhook; its pending deliveries and their jobs end at once',
  auth: 'webhooks:write',
  params: idParams,
  reply: noContent,
  errors: ['not-found'],
  async run({ platform, context }, { params }) {
    await deleteWebhook(platform, context, params.id);
    return reply(204, null);
  },
});
