import { z } from 'zod';
import { endpoint } from '../../endpoint.ts';

export const listCompilers = endpoint({
  route: 'GET /api/v1/compilers',
  summary: 'The compilers that are here or can be had: bundled ones first, newest first',
  auth: 'none',
  reply: z.strictObject({
    items: z.array(
      z.strictObject({
        version: z.string(),
        source: z
          .enum(['bundled', 'downloaded', 'listed'])
          .describe('Came with us, is kept on this machine, or is fetched when it is first needed.'),
        native: z.boolean().describe('Whether the operator gave a native one too.'),
      }),
    ),
  }),
  errors: [],
  run: async ({ platform }) => ({ items: platform.compiler.compilers() }),
});
