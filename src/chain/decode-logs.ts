import { type AbiEvent, decodeEventLog, toEventSelector } from 'viem';
import { toPlain } from './decode-values.ts';
import type { AbiItem, Hex, Log } from './types.ts';

/** A log as its ABI reads it. */
export interface DecodedLog {
  /** The contract that logged it. */
  address: Hex;
  /** Its place in the block. */
  logIndex: number;
  /** The event's name; null where the ABI has none that fits: then `topics` and `data` say what there is. */
  event: string | null;
  /** By name, or by position where a value has no name; an indexed text or array is the hash of it. */
  args: Record<string, unknown>;
  topics?: Hex[];
  data?: Hex;
}

/**
 * Reads logs by an ABI (Contract ABI Specification, events). One contract's ABI is also tried on what others logged, as
 * events of standards are the same everywhere.
 */
export function decodeLogs(abi: readonly AbiItem[], logs: readonly Log[]): DecodedLog[] {
  const events = abi.filter(({ type }) => type === 'event');
  return logs.map((log) => decodeLog(events, log));
}

function decodeLog(events: readonly AbiItem[], { address, logIndex, topics, data }: Log): DecodedLog {
  for (const item of events) {
    if (item.anonymous || toEventSelector(item as unknown as AbiEvent) !== topics[0]) continue;
    try {
      const { args } = decodeEventLog({ abi: [item], topics: topics as [Hex, ...Hex[]], data }) as {
        args?: readonly unknown[] | Record<string, unknown>;
      };
      return { address, logIndex, event: item.name ?? '', args: named(item, args ?? []) };
    } catch {
      // Another contract's event of this name may have other indexed parameters (ERC-20 and ERC-721 `Transfer`).
    }
  }
  return { address, logIndex, event: null, args: {}, topics: [...topics], data };
}

/** viem gives an array where a parameter has no name. */
function named({ inputs = [] }: AbiItem, args: readonly unknown[] | Record<string, unknown>) {
  const pairs = Array.isArray(args)
    ? args.map((value, at) => [inputs[at]?.name || String(at), toPlain(value)])
    : Object.entries(args).map(([name, value]) => [name, toPlain(value)]);
  return Object.fromEntries(pairs) as Record<string, unknown>;
}
