import { z } from 'zod';
import { limits } from '../../../lib/limits.ts';
import { listDeployments } from '../../../store/deployments.ts';
import { endpoint } from '../../endpoint.ts';
import { readScopes } from '../../read-scopes.ts';
import { pageOf, pageQuery } from '../../schemas.ts';
import { deploymentView } from '../../views/subjects.ts';

export const listDeploymentsRoute = endpoint({
  route: 'GET /api/v1/deployments',
  summary: 'Your deployments, newest first, all or those that are searched for',
  auth: readScopes.deployments,
  query: pageQuery.extend({
    network: z.string().max(100).optional(),
    status: z.string().max(40).optional(),
    signer: z.string().min(1).max(limits.nameCharactersMax).optional().describe('Id or name.'),
    address: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, 'an address')
      .optional(),
    transactionHash: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'a transaction hash')
      .optional()
      .describe('Of any set of bytes that was ever signed for it.'),
    contract: z.string().min(1).max(200).optional().describe('The contract’s name.'),
    buildId: z.uuid().optional(),
    from: z.iso.datetime({ offset: true }).optional().describe('Asked for from then on.'),
    to: z.iso.datetime({ offset: true }).optional().describe('Asked for before then.'),
    q: z
      .string()
      .trim()
      .min(2)
      .max(100)
      .optional()
      .describe('A part of the contract’s name, or how its address or a transaction’s hash begins.'),
  }),
  reply: pageOf(deploymentView),
  errors: ['cursor-invalid'],
  run: ({ platform, actor }, { query }) => listDeployments(platform.store.read, actor.ownerId, query),
});
