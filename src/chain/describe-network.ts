import type { Hex, Network, NetworkKind, NetworkVerifier } from './types.ts';

/** What an operator may say of a network. What is left out of a known one stays as the list has it. */
export interface NetworkChange {
  title?: string | undefined;
  chainId?: number | undefined;
  kind?: NetworkKind | undefined;
  /** Symbol of the chain's own coin. */
  currency?: string | undefined;
  explorerUrl?: string | undefined;
  faucetUrl?: string | undefined;
  confirmations?: number | undefined;
  blockSeconds?: number | undefined;
  eip1559?: boolean | undefined;
  priorityFeeMinWei?: number | undefined;
  maxFeeMinWei?: number | undefined;
  create2Deployer?: Hex | null | undefined;
  verifiers?: readonly NetworkVerifier[] | undefined;
}

/**
 * Makes the network of a name from what the list knows and what an operator says; the operator wins.
 *
 * @param known null for a network that no list has; then the change must give the chain id
 * @returns null when there is no chain id
 */
export function describeNetwork(name: string, known: Network | null, change: NetworkChange): Network | null {
  const chainId = change.chainId ?? known?.chainId;
  if (chainId === undefined) return null;
  const { currency, ...rest } = change;
  return {
    // A chain that nobody described is treated with the care that real money needs.
    title: name,
    kind: 'mainnet',
    currency: { symbol: currency ?? 'ETH', decimals: 18 },
    confirmations: 12,
    blockSeconds: 12,
    eip1559: true,
    priorityFeeMinWei: 0,
    ...known,
    ...(known && currency !== undefined ? { currency: { symbol: currency, decimals: 18 } } : {}),
    ...given(rest),
    name,
    chainId,
  };
}

/** Only what was said: an absent word must not hide a known one. */
function given<T extends object>(change: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
