import { type Abi, decodeErrorResult } from 'viem';
import { limits } from '../lib/limits.ts';
import type { AbiItem, Hex, RevertReason } from './types.ts';

/** Solidity's panic codes (Solidity documentation, "Panic via assert and Error via require"). */
const panics: Record<string, string> = {
  '0': 'generic compiler panic',
  '1': 'an assert failed',
  '17': 'arithmetic overflow or underflow',
  '18': 'division or modulo by zero',
  '33': 'a value out of range was converted to an enum',
  '34': 'a storage byte array is encoded wrongly',
  '49': 'pop on an empty array',
  '50': 'array index out of bounds',
  '65': 'too much memory was allocated',
  '81': 'a zero-initialised internal function was called',
};

const builtIn = [
  { type: 'error', name: 'Error', inputs: [{ name: 'message', type: 'string' }] },
  { type: 'error', name: 'Panic', inputs: [{ name: 'code', type: 'uint256' }] },
] as const;

/**
 * Puts the bytes of an undone execution into words: `Error(string)`, `Panic(uint256)` with its meaning, the contract's
 * own errors by ABI. Never throws: bytes that nothing explains are shown as they are.
 *
 * A contract can revert with megabytes; what is kept of them is limited, as it is stored in several places.
 *
 * @param data what the execution returned; null where the node did not pass it on
 */
export function decodeRevert(data: Hex | null, abi: readonly AbiItem[]): RevertReason {
  const { args, ...reason } = explain(data, abi);
  const { revertMessageCharactersMax: charactersMax, revertBytesMax: bytesMax } = limits;
  const { message } = reason;
  return {
    ...reason,
    message: message.length > charactersMax ? `${message.slice(0, charactersMax)}…` : message,
    ...(args && reason.data.length <= 2 + 2 * bytesMax ? { args } : {}),
    data: reason.data.slice(0, 2 + 2 * bytesMax) as Hex,
  };
}

function explain(data: Hex | null, abi: readonly AbiItem[]): RevertReason {
  if (data === null || data === '0x') return { kind: 'empty', message: 'no reason given', data: '0x' };
  const decoded =
    decode(data, [...builtIn]) ?? decode(data, abi.filter((item) => item.type === 'error') as Abi);
  if (!decoded) return { kind: 'raw', message: `unknown error ${shorten(data)}`, data };
  const { errorName: name, args } = decoded;
  if (name === 'Error') return { kind: 'error', message: String(args[0]), name, data };
  if (name === 'Panic') {
    const code = BigInt(String(args[0]));
    const meaning = panics[code.toString()] ?? 'unknown panic code';
    return {
      kind: 'panic',
      message: `Panic 0x${code.toString(16).padStart(2, '0')}: ${meaning}`,
      name,
      data,
    };
  }
  return {
    kind: 'custom',
    message: `${name}(${args.map(show).join(', ')})`,
    name,
    args: named(abi, name, args),
    data,
  };
}

function decode(data: Hex, abi: Abi): { errorName: string; args: readonly unknown[] } | null {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data });
    return { errorName, args: (args as readonly unknown[] | undefined) ?? [] };
  } catch {
    return null;
  }
}

/** Arguments under their names; overloaded errors and missing names fall back to positions. */
function named(abi: readonly AbiItem[], name: string, args: readonly unknown[]): Record<string, unknown> {
  const inputs = abi.find(
    (item) => item.type === 'error' && item.name === name && item.inputs?.length === args.length,
  )?.inputs;
  return Object.fromEntries(
    args.map((value, index) => [inputs?.[index]?.name || String(index), plain(value)]),
  );
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  return value;
}

function show(value: unknown): string {
  const simple = plain(value);
  return typeof simple === 'string'
    ? typeof value === 'string' && !/^0x/.test(value)
      ? JSON.stringify(value)
      : simple
    : JSON.stringify(simple);
}

function shorten(data: Hex): string {
  return data.length > 138 ? `${data.slice(0, 138)}… (${(data.length - 2) / 2} bytes)` : data;
}
