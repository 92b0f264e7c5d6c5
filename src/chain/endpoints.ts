import { setTimeout as wait } from 'node:timers/promises';
import type { AppError } from '../lib/app-error.ts';
import { endpointName } from './endpoint.ts';
import { watchHeads } from './endpoint-heads.ts';
import { makeEndpointState } from './endpoint-state.ts';
import { fail } from './errors.ts';
import { isNodeFault } from './node-fault.ts';
import type { Post } from './post.ts';
import { type RpcReply, rpc } from './rpc.ts';
import type { Network } from './types.ts';

/** Where a node is reached. */
export interface RpcUrl {
  url: string;
  /** What it bears; no limit when absent. */
  requestsPerSecond?: number | undefined;
}

export interface EndpointsOptions {
  network: Network;
  urls: readonly RpcUrl[];
  post: Post;
  timeoutMs: number;
  /** Milliseconds of a clock that only goes forward. */
  now?: () => number;
  /** From 0 up to 1, for pauses. */
  random?: () => number;
  /** Whether nodes that are behind are found and asked after the others; true when absent. */
  compareHeads?: boolean;
}

/** A reply that says something, be it no. */
type Answer = Exclude<RpcReply, { kind: 'fault' }>;

/** The URLs of one network, each checked once to serve the right chain before anything else is asked of it. */
export interface Endpoints {
  /**
   * Asks one URL after another until one answers: in the order of the settings, then those whose newest block is behind,
   * then those that rest after a fault. An answer may be a JSON-RPC error; one that blames the node itself is taken only
   * where no other node does better.
   * @throws AppError `chain-unreachable`, `wrong-chain` when every URL serves another chain
   */
  ask(method: string, params: readonly unknown[]): Promise<Answer>;
  /** Asks every URL; replies in the order of the URLs, faults included. @throws AppError `wrong-chain` as above */
  askEach(method: string, params: readonly unknown[]): Promise<RpcReply[]>;
  /** The order in which `ask` would try, each as a function, for calls with their own idea of failing over. */
  inOrder(): ((method: string, params: readonly unknown[]) => Promise<RpcReply>)[];
}

/**
 * Failover with back-off. An endpoint of another chain is put aside like one that does not answer: nothing is ever sent
 * to it, and the others go on.
 */
export function makeEndpoints(options: EndpointsOptions): Endpoints {
  const { network, post, timeoutMs, now = () => performance.now(), random = Math.random } = options;
  const endpoints = options.urls.map(({ url, requestsPerSecond }) => ({
    url,
    state: makeEndpointState({ requestsPerSecond, now, random, sleep: (ms) => wait(ms) }),
    chain: null as Promise<RpcReply> | null,
    wrong: null as AppError | null,
  }));
  type Endpoint = (typeof endpoints)[number];
  const heads = watchHeads<Endpoint>({
    network,
    endpoints: options.compareHeads === false ? [] : endpoints,
    // One that rests is left alone by this, too.
    ask: async (endpoint) => (endpoint.state.restMs() > 0 ? null : askOne(endpoint, 'eth_blockNumber', [])),
    now,
    sleep: (ms) => wait(ms, undefined, { ref: false }),
  });

  async function call(endpoint: Endpoint, method: string, params: readonly unknown[]): Promise<RpcReply> {
    const { url, state } = endpoint;
    if (!(await state.turn(timeoutMs))) {
      const reason = `${endpointName(url)} has more to do than the rate that is set for it`;
      return { kind: 'fault', reason };
    }
    const reply = await rpc({ url, method, params, post, timeoutMs });
    if (reply.kind === 'fault') state.failed(reply.retryAfterSeconds);
    else state.answered();
    return reply;
  }

  async function askOne(endpoint: Endpoint, method: string, params: readonly unknown[]): Promise<RpcReply> {
    endpoint.chain ??= call(endpoint, 'eth_chainId', []);
    const chain = await endpoint.chain;
    const problem = chainProblem(endpoint, chain);
    if (problem) {
      endpoint.chain = null;
      return problem;
    }
    if (method === 'eth_chainId') return chain;
    const reply = await call(endpoint, method, params);
    // What listens there after an outage may be another chain: look again.
    if (reply.kind === 'fault') endpoint.chain = null;
    return reply;
  }

  /** @returns why nothing may be asked of it; null when it serves the right chain */
  function chainProblem(endpoint: Endpoint, reply: RpcReply): RpcReply | null {
    const name = endpointName(endpoint.url);
    endpoint.wrong = null;
    if (reply.kind === 'fault') return reply;
    if (reply.kind === 'error') return { kind: 'fault', reason: `${name} ${reply.error.message}` };
    const actual = typeof reply.result === 'string' ? Number(reply.result) : Number.NaN;
    if (actual === network.chainId) return null;
    endpoint.state.failed();
    if (Number.isNaN(actual)) return { kind: 'fault', reason: `${name} gave no chain id` };
    const facts = { endpoint: name, actual, network: network.name, expected: network.chainId };
    endpoint.wrong = fail('wrong-chain', facts);
    return { kind: 'fault', reason: `${name} serves chain ${actual}` };
  }

  /** Where every URL serves another chain the settings are wrong, which waiting does not mend. */
  function refuseWrong(): void {
    const [first] = endpoints;
    if (first?.wrong && endpoints.every(({ wrong }) => wrong !== null)) throw first.wrong;
  }

  /**
   * Those that are well and level as the settings have them, then those that are behind, then those that rest, the one
   * that is due first before the others.
   */
  function order(): Endpoint[] {
    const ranks = endpoints.map((endpoint) => {
      const restMs = endpoint.state.restMs();
      return { endpoint, rank: restMs > 0 ? 1 + restMs : heads.lags(endpoint) ? 1 : 0 };
    });
    return ranks.toSorted((a, b) => a.rank - b.rank).map(({ endpoint }) => endpoint);
  }

  return {
    async ask(method, params) {
      await heads.look();
      const reasons: string[] = [];
      let second: Answer | null = null;
      for (const endpoint of order()) {
        const reply = await askOne(endpoint, method, params);
        if (reply.kind === 'fault') reasons.push(reply.reason);
        else if (reply.kind === 'error' && isNodeFault(reply.error)) second ??= reply;
        else return reply;
      }
      if (second) return second;
      refuseWrong();
      throw unreachable(network, method, reasons);
    },
    async askEach(method, params) {
      const replies = await Promise.all(endpoints.map((endpoint) => askOne(endpoint, method, params)));
      refuseWrong();
      return replies;
    },
    inOrder: () =>
      order().map((endpoint) => async (method, params) => {
        const reply = await askOne(endpoint, method, params);
        refuseWrong();
        return reply;
      }),
  };
}

/** @returns the error for a call that no URL answered. */
export function unreachable(network: Network, method: string, reasons: readonly string[]) {
  const reason = reasons.length > 0 ? reasons.join('; ') : 'no RPC URL is configured';
  return fail('chain-unreachable', { network: network.name, method, reason }, { retryAfterSeconds: 2 });
}
