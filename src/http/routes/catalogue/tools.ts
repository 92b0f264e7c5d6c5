import { z } from 'zod';
import { toolNames } from '../../../audit/tools/types.ts';
import { endpoint } from '../../endpoint.ts';

const toolView = z
  .strictObject({
    name: z.enum(toolNames),
    title: z.string(),
    about: z.string(),
    url: z.string().nullable(),
    licence: z.string().nullable().describe('SPDX identifier; null for the built-in one.'),
    allowed: z.boolean().describe('Whether requests may name it.'),
    available: z.boolean().describe('Whether it is installed here and can be isolated.'),
    version: z.string().nullable().describe('Null where there is none, or where it is the compiler’s.'),
    problem: z.string().nullable().describe('Why it is not available.'),
  })
  .meta({ id: 'Tool' });

export const listTools = endpoint({
  route: 'GET /api/v1/tools',
  summary: 'The analysers that an audit may name, and which of them are here',
  // What is installed here, and where, is nobody's business but the users'.
  auth: 'contracts:read',
  reply: z.strictObject({ items: z.array(toolView) }),
  errors: [],
  run: async ({ platform }) => ({ items: await platform.analysers.list() }),
});
