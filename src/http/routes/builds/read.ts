import { getBuild } from '../../../store/builds.ts';
import { endpoint } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { buildView } from '../../views/subjects.ts';

export const readBuild = endpoint({
  route: 'GET /api/v1/builds/:id',
  summary: 'A build with its artifacts and diagnostics',
  auth: 'contracts:read',
  params: idParams,
  reply: buildView,
  errors: ['not-found'],
  run: ({ platform, actor }, { params }) => getBuild(platform.store.read, actor.ownerId, params.id),
});
