import type { Chains } from '../actions/platform.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { describeNetwork } from '../chain/describe-network.ts';
import { fail as failChain } from '../chain/errors.ts';
import { networks } from '../chain/networks/index.ts';
import type { ChainClient, Network } from '../chain/types.ts';
import { findUnsupported } from '../chain/unsupported-networks.ts';
import { InvariantError } from '../lib/invariant.ts';
import type { NetworkSettings, RpcEndpoint } from '../ops/config.ts';

/** A network that this installation can reach, and where. */
interface Reachable {
  network: Network;
  endpoints: () => readonly RpcEndpoint[];
}

/** A probe makes two calls, and a health check has two seconds: one silent node must not hide that the others answer. */
const probeTimeoutMs = 900;

/** Anybody may ask for health, and nodes have quotas: what they said is good for so long. */
const probeKeptMs = 5_000;

/**
 * The networks of this installation: those with an RPC address in the settings, and the embedded local chain.
 *
 * @param options.settings as `readConfig` checked them
 * @param options.localUrl of the embedded chain; asked anew for each call, as a chain that was started again may
 *   listen elsewhere; null when there is none
 */
export function createChains(options: {
  settings: Record<string, NetworkSettings>;
  localUrl: (() => string) | null;
}): Chains {
  const described = describeAll(options.settings);
  const reachable = findReachable(described, options);
  const clients = new Map<string, { urls: string; client: ChainClient }>();
  const probes = new Map<string, { urls: string; probe: Chains['probe'] }>();

  function find(name: string): Reachable {
    const found = reachable.get(name);
    if (found) return found;
    const place = { pointer: '/network' };
    const names = [...reachable.keys()].join(', ');
    if (described.has(name)) {
      throw failChain('network-not-configured', { network: name, variable: variableOf(name) }, { place });
    }
    const excluded = findUnsupported({ name });
    if (excluded) {
      const { title, reason } = excluded;
      throw failChain('network-unsupported', { network: title, reason, networks: names }, { place });
    }
    throw failChain('unknown-network', { network: name, networks: names }, { place });
  }

  return {
    list: () => [...reachable.values()].map((entry) => entry.network),
    known: () =>
      [...described.values()].map((network) => ({ network, configured: reachable.has(network.name) })),
    network: (name) => find(name).network,
    async connect(name) {
      const { network, endpoints } = find(name);
      const urls = urlsOf(endpoints());
      const known = clients.get(name);
      if (known?.urls === urls) return known.client;
      const client = connectTo(network, endpoints());
      clients.set(name, { urls, client });
      return client;
    },
    probe(name) {
      const { network, endpoints } = find(name);
      const urls = urlsOf(endpoints());
      const known = probes.get(name);
      if (known?.urls === urls) return known.probe(name);
      const probe = makeProbe(network, endpoints());
      probes.set(name, { urls, probe });
      return probe(name);
    },
  };
}

/** Asks each node on its own, over connections that stay open from one time to the next. */
function makeProbe(network: Network, endpoints: readonly RpcEndpoint[]): Chains['probe'] {
  const nodes = endpoints.map((endpoint) => connectTo(network, [endpoint], probeTimeoutMs));
  let kept: { at: number; answers: ReturnType<Chains['probe']> } | null = null;
  return () => {
    const now = performance.now();
    if (!kept || now - kept.at >= probeKeptMs) {
      kept = { at: now, answers: Promise.all(nodes.map((node) => node.health())) };
    }
    return kept.answers;
  };
}

function connectTo(network: Network, endpoints: readonly RpcEndpoint[], timeoutMs?: number): ChainClient {
  return connectChain({
    network,
    rpcUrls: endpoints,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function urlsOf(endpoints: readonly RpcEndpoint[]): string {
  return endpoints.map(({ url }) => url).join(' ');
}

/** The list with the operator's changes, and the operator's own networks behind it. */
function describeAll(settings: Record<string, NetworkSettings>): Map<string, Network> {
  const all = new Map(networks.map((network) => [network.name, network]));
  for (const [name, { change }] of Object.entries(settings)) {
    const network = describeNetwork(name, all.get(name) ?? null, change);
    if (!network) throw new InvariantError(`the settings describe ${name} without a chain id`);
    all.set(name, network);
  }
  return all;
}

function findReachable(
  described: ReadonlyMap<string, Network>,
  options: { settings: Record<string, NetworkSettings>; localUrl: (() => string) | null },
): Map<string, Reachable> {
  const reachable = new Map<string, Reachable>();
  const { settings, localUrl } = options;
  for (const [name, network] of described) {
    const endpoints = settings[name]?.endpoints ?? [];
    if (endpoints.length > 0) reachable.set(name, { network, endpoints: () => endpoints });
    else if (name === 'local' && localUrl) {
      // The same port serves both, and this one costs less.
      reachable.set(name, { network, endpoints: () => [{ url: localUrl().replace(/^http/, 'ws') }] });
    }
  }
  return reachable;
}

function variableOf(name: string): string {
  return `SLIPWAY_RPC_${name.toUpperCase().replaceAll('-', '_')}`;
}
