import { z } from 'zod';
import { listImported } from '../../../store/imported-deployments.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery, time } from '../../schemas.ts';

const hex = z.templateLiteral(['0x', z.string()]);

const importedView = z
  .object({
    id: z.uuid(),
    format: z.string(),
    chainId: z.number(),
    network: z.string().nullable().describe('The network of this chain, where one is known.'),
    contract: z.string(),
    address: hex,
    transactionHash: hex.nullable(),
    deployer: hex.nullable(),
    blockNumber: z.number().nullable(),
    gasUsed: z.string().nullable(),
    costWei: z.string().nullable(),
    constructorArgs: z.array(z.unknown()),
    commit: z.string().nullable(),
    deployedAt: time.nullable(),
    importedAt: time,
  })
  .meta({ id: 'ImportedDeployment' });

export const listImportedRoute = endpoint({
  route: 'GET /api/v1/imported-deployments',
  summary: 'What other tools deployed, as it was imported, newest first',
  auth: readScopes.deployments,
  query: pageQuery.extend({
    address: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
      .optional(),
    chainId: z.coerce.number<number | string>().int().positive().optional(),
  }),
  reply: pageOf(importedView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listImported(platform.store.read, actor.ownerId, query),
});
