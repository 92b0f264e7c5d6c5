/** EIP-7825: no transaction may have more gas than this. */
export const transactionGasMax = 16_777_216n;

/** A fifth more than estimated: the state may move before the transaction is mined. Unused gas is not paid. */
export function withMargin(gas: bigint): bigint {
  const roomy = (gas * 12n) / 10n;
  return roomy > transactionGasMax ? transactionGasMax : roomy;
}
