import { getAddress } from 'viem';
import type { FeeHistory } from './fees.ts';
import type { Block, ChainTransaction, Hex, Log, Receipt } from './types.ts';

/** Thrown by the readers below and translated by the client into `rpc-reply-malformed`. */
export class MalformedReply extends Error {
  override readonly name = 'MalformedReply';
}

type Fields = Record<string, unknown>;

/** @throws MalformedReply unless `value` is a JSON-RPC quantity such as `0x1a`. */
export function quantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) throw new MalformedReply('quantity');
  return BigInt(value);
}

/** @throws MalformedReply unless `value` is hex bytes. */
export function bytes(value: unknown): Hex {
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/i.test(value)) throw new MalformedReply('hex string');
  return value.toLowerCase() as Hex;
}

/** @throws MalformedReply unless `value` is 32 bytes of hex. */
export function hash(value: unknown): Hex {
  const text = bytes(value);
  if (text.length !== 66) throw new MalformedReply('hash');
  return text;
}

/** @returns 32 bytes; some nodes leave leading zeros out. @throws MalformedReply */
export function word(value: unknown): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{0,64}$/i.test(value)) throw new MalformedReply('32 bytes');
  return `0x${value.slice(2).toLowerCase().padStart(64, '0')}`;
}

/** @returns the block, or null where the node has none. @throws MalformedReply */
export function block(value: unknown): Block | null {
  if (value === null) return null;
  const fields = object(value);
  return {
    number: quantity(fields['number']),
    hash: hash(fields['hash']),
    parentHash: hash(fields['parentHash']),
    timestamp: Number(quantity(fields['timestamp'])),
    baseFeePerGas: optional(fields['baseFeePerGas'], quantity),
    gasLimit: quantity(fields['gasLimit']),
    transactions: list(fields['transactions']).map(hash),
  };
}

/** @returns the receipt, or null where the node has none. @throws MalformedReply */
export function receipt(value: unknown): Receipt | null {
  if (value === null) return null;
  const fields = object(value);
  const status = quantity(fields['status']);
  return {
    transactionHash: hash(fields['transactionHash']),
    blockNumber: quantity(fields['blockNumber']),
    blockHash: hash(fields['blockHash']),
    status: status === 1n ? 'success' : 'reverted',
    from: address(fields['from']),
    to: optional(fields['to'], address),
    contractAddress: optional(fields['contractAddress'], address),
    gasUsed: quantity(fields['gasUsed']),
    effectiveGasPrice: optional(fields['effectiveGasPrice'], quantity),
  };
}

/** @returns the logs of a receipt, or null where the node has none of that block. @throws MalformedReply */
export function logsIn(value: unknown, blockHash: Hex): Log[] | null {
  const known = receipt(value);
  if (known?.blockHash !== blockHash) return null;
  return list(object(value)['logs']).map((log) => {
    const fields = object(log);
    return {
      address: address(fields['address']),
      logIndex: Number(quantity(fields['logIndex'])),
      topics: list(fields['topics']).map(hash),
      data: bytes(fields['data']),
    };
  });
}

/** @returns the transaction, or null where the node has none. @throws MalformedReply */
export function transaction(value: unknown): ChainTransaction | null {
  if (value === null) return null;
  const fields = object(value);
  return {
    hash: hash(fields['hash']),
    from: address(fields['from']),
    to: optional(fields['to'], address),
    nonce: Number(quantity(fields['nonce'])),
    input: bytes(fields['input']),
    value: quantity(fields['value']),
    blockNumber: optional(fields['blockNumber'], quantity),
    blockHash: optional(fields['blockHash'], hash),
  };
}

/** @returns hash and nonce of what an address sent in a block with its transactions. @throws MalformedReply */
export function sentBy(value: unknown, sender: Hex): { hash: Hex; nonce: number }[] | null {
  if (value === null) return null;
  return list(object(value)['transactions']).flatMap((one) => {
    const fields = object(one);
    if (address(fields['from']) !== getAddress(sender)) return [];
    return [{ hash: hash(fields['hash']), nonce: Number(quantity(fields['nonce'])) }];
  });
}

/** @throws MalformedReply */
export function feeHistory(value: unknown): FeeHistory {
  const fields = object(value);
  const nextBaseFee = list(fields['baseFeePerGas']).at(-1);
  const used = list(fields['gasUsedRatio'] ?? []);
  const rewards = list(fields['reward'] ?? []).map((row) => quantity(list(row)[0]));
  // Empty blocks report a priority fee of zero, which says nothing about what is needed.
  return { nextBaseFee: quantity(nextBaseFee), rewards: rewards.filter((_, index) => used[index] !== 0) };
}

function object(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedReply('object');
  return value as Fields;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new MalformedReply('list');
  return value;
}

function address(value: unknown): Hex {
  const text = bytes(value);
  if (text.length !== 42) throw new MalformedReply('address');
  return getAddress(text);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}
