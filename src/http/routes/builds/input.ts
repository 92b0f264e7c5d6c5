import { getBuildInput } from '../../../store/builds.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';
import { buildInputView } from '../../views/builds.ts';

export const readBuildInput = endpoint({
  route: 'GET /api/v1/builds/:id/input',
  summary: 'What a build was made of: the exact compiler input and the exact compiler',
  description:
    'Standard JSON input without its output selection, which does not change the bytecode. `slipway builds verify` compiles it again and compares.',
  auth: 'contracts:read',
  params: idParams,
  reply: buildInputView,
  conditional: true,
  errors: ['not-found', 'build-not-compiled', 'stored-content-damaged'],
  async run({ platform, actor }, { params }) {
    const input = await getBuildInput(platform.store.read, actor.ownerId, params.id);
    return reply(200, input, { etag: `"${input.inputHash}"`, 'cache-control': 'private, no-cache' });
  },
});
