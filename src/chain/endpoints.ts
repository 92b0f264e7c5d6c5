import { endpointName } from './endpoint.ts';
import { fail } from './errors.ts';
import type { Post } from './post.ts';
import { type RpcReply, rpc } from './rpc.ts';
import type { Network } from './types.ts';

export interface EndpointsOptions {
  network: Network;
  rpcUrls: readonly string[];
  post: Post;
  timeoutMs: number;
}

/** The URLs of one network, each checked once to serve the right chain before anything else is asked of it. */
export interface Endpoints {
  /**
   * Asks one URL after another, the last good one first, until one answers. An answer may be a JSON-RPC error.
   * @throws AppError `chain-unreachable`, `wrong-chain`
   */
  ask(method: string, params: readonly unknown[]): Promise<Exclude<RpcReply, { kind: 'fault' }>>;
  /** Asks every URL; replies in the order of the URLs, faults included. @throws AppError `wrong-chain` */
  askEach(method: string, params: readonly unknown[]): Promise<RpcReply[]>;
  /** The order in which `ask` would try, each as a function, for calls with their own idea of failing over. */
  inOrder(): ((method: string, params: readonly unknown[]) => Promise<RpcReply>)[];
}

/** Simple failover: a URL that fails is left behind until the next one fails too. Holds no state but that order. */
export function makeEndpoints(options: EndpointsOptions): Endpoints {
  const { network, post, timeoutMs } = options;
  const urls = options.rpcUrls.map((url) => ({ url, chain: null as Promise<RpcReply> | null }));
  let first = 0;

  async function askOne(index: number, method: string, params: readonly unknown[]): Promise<RpcReply> {
    const endpoint = urls[index];
    if (!endpoint) return { kind: 'fault', reason: 'no RPC URL is configured' };
    const call = (method: string, params: readonly unknown[]) =>
      rpc({ url: endpoint.url, method, params, post, timeoutMs });
    endpoint.chain ??= call('eth_chainId', []);
    const chain = await endpoint.chain;
    if (chain.kind !== 'result') {
      endpoint.chain = null;
      return chain.kind === 'fault'
        ? chain
        : { kind: 'fault', reason: `${endpointName(endpoint.url)} ${chain.error.message}` };
    }
    const actual = typeof chain.result === 'string' ? Number(chain.result) : Number.NaN;
    if (actual !== network.chainId) {
      endpoint.chain = null;
      if (Number.isNaN(actual))
        return { kind: 'fault', reason: `${endpointName(endpoint.url)} gave no chain id` };
      throw fail('wrong-chain', {
        endpoint: endpointName(endpoint.url),
        actual,
        network: network.name,
        expected: network.chainId,
      });
    }
    if (method === 'eth_chainId') return chain;
    const reply = await call(method, params);
    // What listens there after an outage may be another chain: look again.
    if (reply.kind === 'fault') endpoint.chain = null;
    return reply;
  }

  const order = () => urls.map((_, offset) => (first + offset) % urls.length);

  return {
    async ask(method, params) {
      const reasons: string[] = [];
      for (const index of order()) {
        const reply = await askOne(index, method, params);
        if (reply.kind !== 'fault') {
          first = index;
          return reply;
        }
        reasons.push(reply.reason);
      }
      throw unreachable(network, method, reasons);
    },
    askEach: (method, params) => Promise.all(urls.map((_, index) => askOne(index, method, params))),
    inOrder: () => order().map((index) => (method, params) => askOne(index, method, params)),
  };
}

/** @returns the error for a call that no URL answered. */
export function unreachable(network: Network, method: string, reasons: readonly string[]) {
  const reason = reasons.length > 0 ? reasons.join('; ') : 'no RPC URL is configured';
  return fail('chain-unreachable', { network: network.name, method, reason }, { retryAfterSeconds: 2 });
}
