import { logout } from '../../../actions/logout.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { noContent } from '../../schemas.ts';

export const logoutRoute = endpoint({
  route: 'POST /api/v1/auth/logout',
  summary: 'End this session at once',
  auth: 'user',
  reply: noContent,
  errors: ['session-needed'],
  async run({ platform, context }) {
    await logout(platform, context);
    return reply(204, null);
  },
});
