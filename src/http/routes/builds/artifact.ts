import { z } from 'zod';
import { getBuildArtifact } from '../../../store/builds.ts';
import { endpoint, reply } from '../../endpoint.ts';
import { artifactView } from '../../views/subjects.ts';

export const readBuildArtifact = endpoint({
  route: 'GET /api/v1/builds/:id/artifacts/:name',
  summary: 'One contract of a build',
  auth: 'contracts:read',
  params: z.strictObject({
    id: z.uuid(),
    name: z
      .string()
      .min(1)
      .describe(
        '`file:Name`, percent-encoded as one segment (`contracts%2FCoin.sol%3ACoin`), or a name that one contract has.',
      ),
  }),
  reply: artifactView,
  conditional: true,
  errors: ['not-found', 'build-not-compiled', 'stored-content-damaged'],
  async run({ platform, actor }, { params }) {
    const { artifact, hash } = await getBuildArtifact(platform.store.read, actor.ownerId, params);
    return reply(200, artifact, { etag: `"${hash}"`, 'cache-control': 'private, no-cache' });
  },
});
