import { z } from 'zod';
import { endpoint } from '../../endpoint.ts';

export const listNetworks = endpoint({
  route: 'GET /api/v1/networks',
  summary: 'The networks that this installation can reach',
  auth: 'none',
  reply: z.strictObject({
    items: z.array(
      z
        .object({
          name: z.string(),
          title: z.string(),
          chainId: z.number(),
          kind: z.enum(['local', 'testnet', 'mainnet']),
          confirmations: z.number(),
        })
        .meta({ id: 'Network' }),
    ),
  }),
  errors: [],
  run: async ({ platform }) => ({ items: platform.chains.list() }),
});
