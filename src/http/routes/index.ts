import { createApiKeyRoute } from './api-keys/create.ts';
import { listApiKeysRoute } from './api-keys/list.ts';
import { revokeApiKeyRoute } from './api-keys/revoke.ts';
import { loginRoute } from './auth/login.ts';
import { logoutRoute } from './auth/logout.ts';
import { meRoute } from './auth/me.ts';
import { refreshRoute } from './auth/refresh.ts';
import { registerRoute } from './auth/register.ts';
import { createLiveTicketRoute } from './live/create-ticket.ts';

/** Every route of the API. The client's types, OpenAPI and the generic test come from this list. */
export const routes = [
  registerRoute,
  loginRoute,
  refreshRoute,
  logoutRoute,
  meRoute,
  createApiKeyRoute,
  listApiKeysRoute,
  revokeApiKeyRoute,
  createLiveTicketRoute,
] as const;

export type Routes = (typeof routes)[number];
