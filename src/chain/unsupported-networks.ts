/** A network that people ask for and that Slipway does not deploy to, with the reason. Plain JSON. */
export interface UnsupportedNetwork {
  /** Unique, kebab-case; also not the name of a known network. */
  name: string;
  title: string;
  /** EIP-155 chain id. */
  chainId: number;
  /** Sentences for whoever asked for it. */
  reason: string;
}

/**
 * Chains of the ZK Stack run EraVM. Their documentation (docs.zksync.io, "EVM interpreter" and "Differences from
 * Ethereum") says what follows: another compiler, another code hash, other addresses for CREATE and CREATE2.
 */
const eraVm =
  'Its virtual machine, EraVM, takes the bytecode of another compiler (zksolc). EVM bytecode runs there in an interpreter only, and addresses are derived differently, so the predicted address and the comparison of the code would be wrong.';

/**
 * Networks left out on purpose: asking for one says why instead of "unknown network", and an operator cannot add it.
 */
export const unsupportedNetworks: readonly UnsupportedNetwork[] = [
  { name: 'zksync', title: 'ZKsync Era', chainId: 324, reason: eraVm },
  { name: 'zksync-sepolia', title: 'ZKsync Sepolia', chainId: 300, reason: eraVm },
  { name: 'abstract', title: 'Abstract', chainId: 2741, reason: eraVm },
  { name: 'abstract-testnet', title: 'Abstract Testnet', chainId: 11124, reason: eraVm },
  { name: 'lens', title: 'Lens', chainId: 232, reason: eraVm },
  { name: 'sophon', title: 'Sophon', chainId: 50104, reason: eraVm },
];

/** @returns the entry for a name as people write it (`zksync-era`, `zkSync`), or for a chain id; null where there is none */
export function findUnsupported(which: { name?: string; chainId?: number }): UnsupportedNetwork | null {
  const name = which.name?.toLowerCase().replace(/-(era|mainnet)(?=-|$)/g, '');
  return (
    unsupportedNetworks.find(
      (network) =>
        network.name === name || (which.chainId !== undefined && network.chainId === which.chainId),
    ) ?? null
  );
}
