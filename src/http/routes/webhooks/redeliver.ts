import { z } from 'zod';
import { redeliverWebhook } from '../../../actions/redeliver-webhook.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { deliverySchema } from './schemas.ts';

export const redeliverRoute = endpoint({
  route: 'POST /api/v1/webhooks/:id/deliveries/:did/redeliver',
  summary: 'Send a message again that was delivered or given up, under the same id',
  auth: 'webhooks:write',
  params: z.strictObject({ id: z.uuid(), did: z.uuid() }),
  reply: { 202: deliverySchema },
  errors: ['not-found', 'webhook-disabled', 'webhook-delivery-pending', 'webhook-queue-full'],
  async run({ platform, context }, { params }) {
    const which = { webhookId: params.id, id: params.did };
    return reply(202, await redeliverWebhook(platform, context, which));
  },
});
