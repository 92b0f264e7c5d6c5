import { networks } from '../chain/networks/index.ts';
import type { Network } from '../chain/types.ts';
import { findUnsupported } from '../chain/unsupported-networks.ts';
import type { NetworkSource } from './config-networks.ts';
import type { Problem } from './config-settings.ts';

const known = new Map<string, Network>(networks.map((network) => [network.name, network]));

/**
 * What no entry shows by itself: a network that is left out for a reason, a known one with another chain id, one that
 * nobody has a chain id for, a chain with two names. Deployments and nonces are kept by chain id, so each of these
 * would mix up money.
 *
 * @param sources from the weakest to the strongest
 */
export function checkNetworks(sources: readonly NetworkSource[]): Problem[] {
  return [
    ...sources.flatMap(checkOne),
    ...findRepeated(sources),
    ...findIncomplete(sources),
    ...findSharedChains(sources),
  ];
}

function checkOne({ name, entry, at }: NetworkSource): Problem[] {
  const { chainId } = entry;
  const excluded = findUnsupported({ name, ...(chainId === undefined ? {} : { chainId }) });
  if (excluded) {
    return [
      { name: at(), expected: `another network: ${excluded.title} is not supported. ${excluded.reason}` },
    ];
  }
  const network = known.get(name);
  const problems: Problem[] = [];
  if (network && chainId !== undefined && chainId !== network.chainId) {
    problems.push({
      name: at('chainId'),
      given: String(chainId),
      expected: `${network.chainId}, which ${name} has everywhere; another chain needs another name`,
    });
  }
  if (network && network.kind !== 'local' && entry.kind === 'local') {
    problems.push({
      name: at('kind'),
      given: 'local',
      expected: `\`testnet\` or \`mainnet\`: local chains have the weakest policy, and may be made anew`,
    });
  }
  return problems;
}

/** A list may name a network once; what another place says of it is a change. */
function findRepeated(sources: readonly NetworkSource[]): Problem[] {
  return sources.flatMap(({ name, at, origin }, index) => {
    const first = sources.findIndex((other) => other.origin === origin && other.name === name);
    if (first === index) return [];
    return [
      {
        name: at('name'),
        given: name,
        expected: `another name: ${sources[first]?.at()} has this one already`,
      },
    ];
  });
}

function findIncomplete(sources: readonly NetworkSource[]): Problem[] {
  const named = new Set(sources.filter(({ entry }) => entry.chainId !== undefined).map(({ name }) => name));
  const seen = new Set<string>();
  return sources.flatMap(({ name, at }) => {
    if (known.has(name) || named.has(name) || seen.has(name) || findUnsupported({ name })) return [];
    seen.add(name);
    return [
      {
        name: at(),
        expected: `a known network, or a chainId for ${name} in SLIPWAY_NETWORKS_FILE: no list knows it`,
      },
    ];
  });
}

function findSharedChains(sources: readonly NetworkSource[]): Problem[] {
  const owners = new Map([...known.values()].map((network) => [network.chainId, network.name]));
  return sources.flatMap(({ name, entry: { chainId }, at }) => {
    if (chainId === undefined || known.has(name)) return [];
    const owner = owners.get(chainId) ?? name;
    owners.set(chainId, owner);
    if (owner === name) return [];
    return [
      {
        name: at('chainId'),
        given: String(chainId),
        expected: `the id of another chain: this one is called ${owner} here, so change that one`,
      },
    ];
  });
}
