import { z } from 'zod';
import type { Hex } from '../chain/types.ts';
import { limits } from '../lib/limits.ts';

const web = (text: string) =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) ? new URL(text) : null;

/** Where a node is reached. It may carry a key, so nothing repeats it. */
const rpcUrl = z.string().refine((text) => web(text) !== null, 'an http(s) address');

const rate = z.number('a number of requests a second').positive().max(limits.rpcRequestsPerSecondMax);

const rpcEndpoint = z.strictObject({ url: rpcUrl, requestsPerSecond: rate.optional() });

/** An address that is shown to everybody: nothing secret fits in it. */
const shownUrl = z
  .string()
  .refine((text) => {
    const url = web(text);
    return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  }, 'an http(s) address without credentials, query and fragment: everybody sees it')
  .transform((text) => text.replace(/\/+$/, ''));

/** Wei as the API writes it, or as a number. */
const wei = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)], 'whole wei')
  .refine((amount) => Number.isSafeInteger(amount) && amount >= 0, 'whole wei, at most 2^53 - 1');

const fields = {
  /** Nodes to ask, best first: an address, or one with the requests a second that it bears. */
  rpcUrls: z
    .array(
      z.union(
        [rpcUrl.transform((url) => ({ url })), rpcEndpoint],
        'an http(s) address, or {"url": "https://…", "requestsPerSecond": 25}',
      ),
    )
    .min(1)
    .max(limits.rpcUrlsMax)
    .optional(),
  /** For each address that has none of its own. */
  requestsPerSecond: rate.optional(),
  chainId: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  title: z.string().min(1).max(100).optional(),
  kind: z.enum(['local', 'testnet', 'mainnet']).optional(),
  /** Symbol of the chain's own coin. */
  currency: z.string().min(1).max(20).optional(),
  /** Blocks, the deployment's own included, after which it counts as confirmed. */
  confirmations: z.number().int().min(1).max(limits.confirmationsMax).optional(),
  blockSeconds: z.number().min(0.05).max(3_600).optional(),
  eip1559: z.boolean().optional(),
  priorityFeeMinWei: wei.optional(),
  maxFeeMinWei: wei.optional(),
  explorerUrl: shownUrl.optional(),
  faucetUrl: shownUrl.optional(),
  create2Deployer: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'an address, or null where there is none')
    .transform((text) => text.toLowerCase() as Hex)
    .nullable()
    .optional(),
  verifiers: z
    .array(z.strictObject({ kind: z.enum(['sourcify', 'etherscan', 'blockscout']), apiUrl: shownUrl }))
    .max(5)
    .optional(),
};

export const networkNamePattern = /^[a-z][a-z0-9-]{0,39}$/;
const networkName = z
  .string()
  .regex(networkNamePattern, 'a name of up to 40 lower-case letters, digits and hyphens');

/** What an operator says of one network, as `SLIPWAY_NETWORKS` and the file of networks have it. */
export type NetworkEntry = z.output<typeof networkEntry>;
const networkEntry = z.strictObject(fields);

/** The value of `SLIPWAY_NETWORKS`: networks by name. */
export const networkMap = z.record(networkName, networkEntry);

/** The file of `SLIPWAY_NETWORKS_FILE`: a list, so that a name taken twice can be seen. */
export const networkList = z
  .array(z.strictObject({ name: networkName, ...fields }), 'a list of networks, each with its name')
  .max(limits.networksConfiguredMax);

/** Addresses of one network in one variable: `https://a.example 25/s, https://b.example`. @returns null when it cannot be read */
export function parseRpcVariable(text: string): NonNullable<NetworkEntry['rpcUrls']> | null {
  const endpoints = text.split(',').map((part) => {
    const [, url, rate] = /^(\S+)(?:\s+(\d+(?:\.\d+)?)\/s)?$/.exec(part.trim()) ?? [];
    return rpcEndpoint.safeParse({ url, ...(rate === undefined ? {} : { requestsPerSecond: Number(rate) }) });
  });
  if (endpoints.length > limits.rpcUrlsMax) return null;
  const good = endpoints.flatMap((endpoint) => (endpoint.success ? [endpoint.data] : []));
  return good.length === endpoints.length ? good : null;
}
