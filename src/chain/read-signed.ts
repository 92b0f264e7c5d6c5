import {
  formatTransaction,
  keccak256,
  parseTransaction,
  type RpcTransaction,
  recoverTransactionAddress,
  serializeTransaction,
  type TransactionSerializable,
} from 'viem';
import type { Fees, Hex } from './types.ts';

/** What signed bytes say. */
export interface SignedTransaction {
  raw: Hex;
  hash: Hex;
  /** Recovered from the signature. */
  from: Hex;
  /** Null where the signature holds for every chain (before EIP-155). */
  chainId: number | null;
  nonce: number;
  to: Hex | null;
  value: bigint;
  data: Hex;
  gas: bigint;
  fees: Fees;
}

/** Types whose every field is known here: legacy, EIP-2930, EIP-1559. */
const knownTypes = new Set(['legacy', 'eip2930', 'eip1559']);

/**
 * Reads signed bytes as `eth_sendRawTransaction` takes them (EIP-2718) and recovers who signed.
 * @returns null where they are none, or of a type that carries more than a call or creation (blobs, authorizations)
 */
export async function readSigned(raw: Hex): Promise<SignedTransaction | null> {
  try {
    const parsed = parseTransaction(raw);
    if (!knownTypes.has(parsed.type ?? '')) return null;
    const from = await recoverTransactionAddress({ serializedTransaction: raw as never });
    const { to, nonce = 0, value = 0n, data = '0x', gas = 0n } = parsed;
    const fees = feesOf(parsed);
    if (!fees) return null;
    return {
      ...{ raw, hash: keccak256(raw), from, nonce, value, data, gas, fees },
      ...{ chainId: parsed.chainId ?? null, to: to ?? null },
    };
  } catch {
    // Bytes that are no transaction: the parser's own words say nothing to whoever sent them.
    return null;
  }
}

function feesOf({ gasPrice, maxFeePerGas, maxPriorityFeePerGas = 0n }: TransactionSerializable): Fees | null {
  if (gasPrice !== undefined) return { type: 'legacy', gasPrice };
  if (maxFeePerGas === undefined) return null;
  return { type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas, baseFeePerGas: 0n };
}

/**
 * Puts the signed bytes together again from what `eth_getTransactionByHash` says of them.
 * @returns null unless their hash is the one that was asked for, so nothing that a node says needs to be believed
 */
export function assembleSigned(reply: unknown, hash: Hex): Hex | null {
  try {
    const known = formatTransaction(reply as RpcTransaction);
    const { r, s, v, yParity, input: data, to, type, chainId, nonce, gas, value, accessList } = known;
    const price =
      type === 'eip1559'
        ? { maxFeePerGas: known.maxFeePerGas, maxPriorityFeePerGas: known.maxPriorityFeePerGas }
        : { gasPrice: known.gasPrice };
    const transaction = {
      type,
      chainId,
      nonce,
      gas,
      value,
      data,
      to,
      ...price,
      ...(accessList ? { accessList } : {}),
    };
    const raw = serializeTransaction(transaction as TransactionSerializable, {
      r,
      s,
      v,
      yParity: yParity ?? 0,
    });
    return keccak256(raw) === hash ? raw : null;
  } catch {
    // A shape that nobody knows is as good as none.
    return null;
  }
}
