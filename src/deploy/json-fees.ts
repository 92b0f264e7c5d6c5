import type { Fees } from '../chain/types.ts';
import type { JsonFees } from './messages.ts';

/** @returns the fees as a fact holds them. */
export function toJsonFees(fees: Fees): JsonFees {
  if (fees.type === 'legacy') return { type: 'legacy', gasPrice: fees.gasPrice.toString() };
  return {
    type: 'eip1559',
    maxFeePerGas: fees.maxFeePerGas.toString(),
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas.toString(),
    baseFeePerGas: fees.baseFeePerGas.toString(),
  };
}

/** @returns the fees of a fact as numbers. */
export function fromJsonFees(fees: JsonFees): Fees {
  if (fees.type === 'legacy') return { type: 'legacy', gasPrice: BigInt(fees.gasPrice) };
  return {
    type: 'eip1559',
    maxFeePerGas: BigInt(fees.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(fees.maxPriorityFeePerGas),
    baseFeePerGas: BigInt(fees.baseFeePerGas),
  };
}

/** @returns the most that a unit of gas can cost, in wei. */
export function feePerGasMax(fees: Fees): bigint {
  return fees.type === 'legacy' ? fees.gasPrice : fees.maxFeePerGas;
}
