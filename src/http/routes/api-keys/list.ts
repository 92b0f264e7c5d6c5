import { listApiKeys } from '../../../store/api-keys.ts';
import { endpoint } from '../../endpoint.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { apiKeySchema } from './schemas.ts';

export const listApiKeysRoute = endpoint({
  route: 'GET /api/v1/api-keys',
  summary: 'API keys of this account, newest first',
  auth: 'api-keys:read',
  query: pageQuery,
  reply: pageOf(apiKeySchema),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listApiKeys(platform.store.read, actor.ownerId, query),
});
