import type { Chains } from '../actions/platform.ts';
import { connectChain } from '../chain/connect-chain.ts';
import { fail as failChain } from '../chain/errors.ts';
import { networks } from '../chain/networks/index.ts';
import type { ChainClient, Network } from '../chain/types.ts';
import type { NetworkSettings } from '../ops/config.ts';
import { fail } from './errors.ts';

/** A network that this installation can reach, and where. */
interface Reachable {
  network: Network;
  rpcUrls: () => readonly string[];
}

/**
 * The networks of this installation: those with an RPC address in the settings, and the embedded local chain.
 *
 * @param options.localUrl of the embedded chain; asked anew for each call, as a chain that was started again may
 *   listen elsewhere; null when there is none
 * @throws AppError `network-incomplete` for a network of the settings that lacks what no list knows
 */
export function createChains(options: {
  settings: Record<string, NetworkSettings>;
  localUrl: (() => string) | null;
}): Chains {
  const reachable = new Map<string, Reachable>();
  const { localUrl } = options;
  const local = networks.find((network) => network.name === 'local');
  if (localUrl && local) reachable.set(local.name, { network: local, rpcUrls: () => [localUrl()] });
  for (const [name, settings] of Object.entries(options.settings)) {
    reachable.set(name, { network: describe(name, settings), rpcUrls: () => settings.rpcUrls });
  }
  const clients = new Map<string, { urls: string; client: ChainClient }>();

  function find(name: string): Reachable {
    const found = reachable.get(name);
    if (found) return found;
    const known = networks.find((network) => network.name === name);
    const place = { pointer: '/network' };
    if (known) {
      throw failChain('network-not-configured', { network: name, variable: variableOf(name) }, { place });
    }
    const names = [...reachable.keys()].join(', ');
    throw failChain('unknown-network', { network: name, networks: names }, { place });
  }

  return {
    list: () => [...reachable.values()].map((entry) => entry.network),
    network: (name) => find(name).network,
    async connect(name) {
      const { network, rpcUrls } = find(name);
      const urls = rpcUrls().join(' ');
      const known = clients.get(name);
      if (known?.urls === urls) return known.client;
      const client = connectChain({ network, rpcUrls: rpcUrls() });
      clients.set(name, { urls, client });
      return client;
    },
  };
}

function describe(name: string, settings: NetworkSettings): Network {
  const known = networks.find((network) => network.name === name);
  const chainId = settings.chainId ?? known?.chainId;
  if (chainId === undefined) throw fail('network-incomplete', { network: name });
  return {
    name,
    title: settings.title ?? known?.title ?? name,
    chainId,
    // A chain that nobody described is treated with the care that real money needs.
    kind: settings.kind ?? known?.kind ?? 'mainnet',
    currency: settings.currency
      ? { symbol: settings.currency, decimals: 18 }
      : (known?.currency ?? { symbol: 'ETH', decimals: 18 }),
    ...((settings.explorerUrl ?? known?.explorerUrl)
      ? { explorerUrl: (settings.explorerUrl ?? known?.explorerUrl) as string }
      : {}),
    ...(known?.faucetUrl ? { faucetUrl: known.faucetUrl } : {}),
    confirmations: settings.confirmations ?? known?.confirmations ?? 12,
    blockSeconds: known?.blockSeconds ?? 12,
    eip1559: known?.eip1559 ?? true,
    priorityFeeMinWei: known?.priorityFeeMinWei ?? 0,
    ...(known?.maxFeeMinWei ? { maxFeeMinWei: known.maxFeeMinWei } : {}),
  };
}

function variableOf(name: string): string {
  return `SLIPWAY_RPC_${name.toUpperCase().replaceAll('-', '_')}`;
}
