import { z } from 'zod';
import { endpoint } from '../../endpoint.ts';

export const listCompilers = endpoint({
  route: 'GET /api/v1/compilers',
  summary: 'The bundled compilers, newest first',
  auth: 'none',
  reply: z.strictObject({ items: z.array(z.strictObject({ version: z.string() })) }),
  errors: [],
  run: async ({ platform }) => ({ items: platform.compiler.versions().map((version) => ({ version })) }),
});
