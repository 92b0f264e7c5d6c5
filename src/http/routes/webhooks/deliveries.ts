import { listDeliveries } from '../../../store/webhook-deliveries.ts';
import { getWebhook } from '../../../store/webhooks.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams, pageOf, pageQuery } from '../../schemas.ts';
import { deliverySchema } from './schemas.ts';

export const listDeliveriesRoute = endpoint({
  route: 'GET /api/v1/webhooks/:id/deliveries',
  summary: 'What a webhook was told and how each attempt went, newest first',
  auth: 'webhooks:read',
  params: idParams,
  query: pageQuery,
  reply: pageOf(deliverySchema),
  errors: ['not-found', 'cursor-invalid'],
  async run({ platform, actor }, { params, query }) {
    const { id } = await getWebhook(platform.store.read, actor.ownerId, params.id);
    return listDeliveries(platform.store.read, id, query);
  },
});
