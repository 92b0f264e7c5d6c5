import { z } from 'zod';
import { describeGeneration } from '../../../generate/describe-generation.ts';
import { sha256Hex } from '../../../lib/hash.ts';
import { zipFiles } from '../../../lib/zip.ts';
import { writeProject } from '../../../solidity/download/write-project.ts';
import { getBuild, getBuildInput } from '../../../store/builds.ts';
import type { Reader } from '../../../store/db.ts';
import { findGenerationOfBuild } from '../../../store/generations.ts';
import { binary, endpoint, reply } from '../../endpoint.ts';
import { idParams } from '../../schemas.ts';

export const downloadBuild = endpoint({
  route: 'GET /api/v1/builds/:id/download',
  summary: 'A build as a project that Hardhat or Foundry compiles to the same bytecode',
  description:
    'A zip with the sources, the configuration with every setting exact, a README with the expected hashes, and `slipway-build.json`. Sources that were generated bring their documentation.',
  auth: 'contracts:read',
  params: idParams,
  query: z.strictObject({ layout: z.enum(['hardhat', 'foundry']).default('hardhat') }),
  reply: { 200: binary('application/zip') },
  conditional: true,
  errors: ['not-found', 'build-not-compiled', 'stored-content-damaged', 'download-name-taken'],
  async run({ platform, actor }, { params: { id }, query: { layout } }) {
    const { read } = platform.store;
    const { ownerId } = actor;
    const [input, { artifacts }, documents] = await Promise.all([
      getBuildInput(read, ownerId, id),
      getBuild(read, ownerId, id),
      documentation(read, ownerId, id),
    ]);
    const files = writeProject({ ...input, artifacts }, { layout, documents });
    const zip = await zipFiles(files);
    return reply(200, zip, {
      etag: `"${sha256Hex(zip)}"`,
      'cache-control': 'private, no-cache',
      'content-disposition': `attachment; filename="slipway-${id}-${layout}.zip"`,
    });
  },
});

async function documentation(read: Reader, ownerId: string, id: string): Promise<Record<string, string>> {
  const generation = await findGenerationOfBuild(read, ownerId, id);
  if (!generation?.result) return {};
  return { 'GENERATED.md': describeGeneration(generation.request, generation.result) };
}
