import type { UnsignedTransaction } from './types.ts';

/** @returns the same in viem's words */
export function toViem(transaction: UnsignedTransaction) {
  const { chainId, nonce, to, value, data, gas } = transaction;
  const common = { chainId, nonce, to, value, data, gas };
  if (transaction.type === 'legacy')
    return { ...common, type: 'legacy' as const, gasPrice: transaction.gasPrice };
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return { ...common, type: 'eip1559' as const, maxFeePerGas, maxPriorityFeePerGas };
}
