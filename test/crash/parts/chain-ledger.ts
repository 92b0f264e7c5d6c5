import { callChain } from '../../support/anvil.ts';

/** A creation transaction as the chain shows it. */
export interface Creation {
  hash: string;
  /** Lower-case hex. */
  input: string;
  succeeded: boolean;
  /** Lower-case. */
  address: string;
  hasCode: boolean;
}

interface Block {
  transactions: { hash: string; to: string | null; input: string }[];
}

interface Receipt {
  status: string;
  contractAddress: string;
}

/**
 * Walks every block of the chain and lists what was created: the truth about deployments, which owes nothing to the
 * platform's tables or to its code.
 */
export async function readCreations(url: string): Promise<Creation[]> {
  const newest = Number(await callChain<string>(url, 'eth_blockNumber', []));
  const creations: Creation[] = [];
  for (let number = 0; number <= newest; number += 1) {
    const block = await callChain<Block | null>(url, 'eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      true,
    ]);
    if (!block) throw new Error(`block ${number} of ${newest} is missing`);
    for (const { hash, to, input } of block.transactions) {
      if (to !== null) continue;
      const receipt = await callChain<Receipt>(url, 'eth_getTransactionReceipt', [hash]);
      const address = receipt.contractAddress.toLowerCase();
      const code = await callChain<string>(url, 'eth_getCode', [address, 'latest']);
      const succeeded = receipt.status === '0x1';
      creations.push({ hash, input: input.toLowerCase(), succeeded, address, hasCode: code !== '0x' });
    }
  }
  return creations;
}

/** @returns the chain's height; null when it does not answer */
export async function readHeight(url: string): Promise<number | null> {
  try {
    return Number(await callChain<string>(url, 'eth_blockNumber', []));
  } catch {
    return null;
  }
}
