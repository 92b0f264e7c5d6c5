import { z } from 'zod';
import type { Role } from '../../../actions/platform.ts';
import { getProfile } from '../../../store/users.ts';
import { endpoint } from '../../endpoint.ts';
import { profileSchema } from './schemas.ts';

export const meRoute = endpoint({
  route: 'GET /api/v1/auth/me',
  summary: 'Who these credentials belong to, and what they allow',
  auth: 'user',
  reply: profileSchema.extend({
    scopes: z.array(z.string()).describe('Rights of these credentials; `*` is all.'),
    via: z.enum(['session', 'api-key']),
  }),
  errors: [],
  async run({ platform, actor }) {
    const profile = await getProfile(platform.store.read, actor.userId);
    const via = actor.via.kind === 'api-key' ? ('api-key' as const) : ('session' as const);
    return { ...profile, roles: profile.roles as Role[], scopes: actor.scopes, via };
  },
});
