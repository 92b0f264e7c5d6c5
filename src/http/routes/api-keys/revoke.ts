import { revokeApiKey } from '../../../actions/revoke-api-key.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams, noContent } from '../../schemas.ts';

export const revokeApiKeyRoute = endpoint({
  route: 'DELETE /api/v1/api-keys/:id',
  summary: 'Revoke an API key at once',
  auth: 'api-keys:write',
  params: idParams,
  reply: noContent,
  errors: ['not-found'],
  async run({ platform, context }, { params }) {
    await revokeApiKey(platform, context, params.id);
    return reply(204, null);
  },
});
