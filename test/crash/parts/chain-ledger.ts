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

/** A call of a contract as the chain shows it. */
export interface Call {
  hash: string;
  /** Lower-case. */
  to: string;
  /** Lower-case hex. */
  input: string;
  succeeded: boolean;
}

/** Everything that was ever sent on a chain and is on it. */
export interface Ledger {
  creations: Creation[];
  calls: Call[];
}

interface Block {
  transactions: { hash: string; to: string | null; input: string }[];
}

interface Receipt {
  status: string;
  contractAddress: string;
}

/**
 * Walks every block of the chain and lists what was created and called: the truth about deployments, which owes nothing to
 * the platform's tables or to its code.
 */
export async function readLedger(url: string): Promise<Ledger> {
  const newest = Number(await callChain<string>(url, 'eth_blockNumber', []));
  const ledger: Ledger = { creations: [], calls: [] };
  for (let number = 0; number <= newest; number += 1) {
    const block = await callChain<Block | null>(url, 'eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      true,
    ]);
    if (!block) throw new Error(`block ${number} of ${newest} is missing`);
    for (const { hash, to, input } of block.transactions) {
      const receipt = await callChain<Receipt>(url, 'eth_getTransactionReceipt', [hash]);
      const succeeded = receipt.status === '0x1';
      const sent = { hash, input: input.toLowerCase(), succeeded };
      if (to !== null) {
        ledger.calls.push({ ...sent, to: to.toLowerCase() });
        continue;
      }
      const address = receipt.contractAddress.toLowerCase();
      const code = await callChain<string>(url, 'eth_getCode', [address, 'latest']);
      ledger.creations.push({ ...sent, address, hasCode: code !== '0x' });
    }
  }
  return ledger;
}

/** @returns what was created, of `readLedger` */
export async function readCreations(url: string): Promise<Creation[]> {
  return (await readLedger(url)).creations;
}

/** @returns the chain's height; null when it does not answer */
export async function readHeight(url: string): Promise<number | null> {
  try {
    return Number(await callChain<string>(url, 'eth_blockNumber', []));
  } catch {
    return null;
  }
}
