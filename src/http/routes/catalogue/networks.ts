import { z } from 'zod';
import type { Network } from '../../../chain/types.ts';
import { unsupportedNetworks } from '../../../chain/unsupported-networks.ts';
import { endpoint } from '../../endpoint.ts';

const networkView = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    chainId: z.number().describe('EIP-155'),
    kind: z.enum(['local', 'testnet', 'mainnet']).describe('The policy that holds unless another is named.'),
    configured: z
      .boolean()
      .describe('Whether this installation has an address for it, and so can deploy there.'),
    currency: z.strictObject({ symbol: z.string(), decimals: z.number() }),
    confirmations: z
      .number()
      .describe('Blocks, its own included, after which a deployment counts as confirmed.'),
    blockSeconds: z.number(),
    eip1559: z.boolean(),
    priorityFeeMinWei: z.string(),
    maxFeeMinWei: z.string().optional(),
    create2Deployer: z
      .string()
      .nullable()
      .optional()
      .describe('What deploys with a salt; the usual contract when absent, null where there is none.'),
    explorerUrl: z.string().optional(),
    faucetUrl: z.string().optional(),
    verifiers: z
      .array(z.strictObject({ kind: z.enum(['sourcify', 'etherscan', 'blockscout']), apiUrl: z.string() }))
      .describe('Where source is verified, in the order they are asked.'),
  })
  .meta({ id: 'Network' });

const unsupportedView = z
  .strictObject({ name: z.string(), title: z.string(), chainId: z.number(), reason: z.string() })
  .meta({ id: 'UnsupportedNetwork' });

export const listNetworks = endpoint({
  route: 'GET /api/v1/networks',
  summary: 'The networks that are known, and which of them this installation can reach',
  auth: 'none',
  query: z.strictObject({
    configured: z.enum(['true', 'false']).optional().describe('Only those that can, or cannot, be reached.'),
  }),
  reply: z.strictObject({
    items: z.array(networkView),
    unsupported: z.array(unsupportedView).describe('Left out for a reason.'),
  }),
  errors: [],
  run: async ({ platform }, { query }) => ({
    items: platform.chains
      .known()
      .filter(({ configured }) => query.configured === undefined || query.configured === String(configured))
      .map(view),
    unsupported: [...unsupportedNetworks],
  }),
});

function view({ network, configured }: { network: Network; configured: boolean }) {
  const { verifiers = [], priorityFeeMinWei, maxFeeMinWei, ...rest } = network;
  return {
    ...rest,
    configured,
    priorityFeeMinWei: String(priorityFeeMinWei),
    ...(maxFeeMinWei === undefined ? {} : { maxFeeMinWei: String(maxFeeMinWei) }),
    verifiers: [...verifiers],
  };
}
