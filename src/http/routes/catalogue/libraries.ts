import { z } from 'zod';
import { libraries } from '../../../solidity/libraries/index.ts';
import { endpoint } from '../../endpoint.ts';

const libraryView = z
  .strictObject({
    name: z.string().describe('What imports start with.'),
    version: z.string(),
    licence: z.string().describe('SPDX identifier of what is compiled in.'),
    aliases: z.array(z.string()).describe('What else imports of it may start with.'),
    files: z.number(),
    note: z.string().optional(),
  })
  .meta({ id: 'Library' });

export const listLibraries = endpoint({
  route: 'GET /api/v1/libraries',
  summary: 'The bundled Solidity libraries; of each the newest version first',
  auth: 'none',
  reply: z.strictObject({ items: z.array(libraryView) }),
  errors: [],
  run: async () => ({
    items: libraries.map(({ name, version, licence, aliases, note, paths }) => ({
      ...{ name, version, licence, aliases: [...aliases], files: paths().size },
      ...(note === undefined ? {} : { note }),
    })),
  }),
});
