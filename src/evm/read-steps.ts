import type { Address, EvmStep } from './types.ts';

/** An instruction as `debug_traceTransaction` tells it (EIP-3155 in Geth's older form). */
export interface StructLog {
  pc: number;
  op: string;
  depth: number;
  stack: string[];
}

/**
 * Reads a trace and adds whose code runs on whose storage, which the trace does not say: it follows from the calls.
 *
 * @param to whom the transaction was sent to
 */
export function readSteps(logs: readonly StructLog[], to: Address): EvmStep[] {
  const frames: { code: Address; storage: Address }[] = [{ code: to, storage: to }];
  return logs.map(({ pc, op, depth, stack }, index) => {
    frames.length = Math.min(frames.length, depth);
    const frame = frames[depth - 1] ?? unknown;
    const words = stack.slice(-4).reverse().map(BigInt);
    if ((logs[index + 1]?.depth ?? 0) > depth) frames[depth] = entered(op, words, frame);
    return { pc, op, depth, ...frame, stack: words };
  });
}

/** Code that is just created has no address yet that the trace would tell. */
const unknown = { code: '0x', storage: '0x' } as const;

function entered(op: string, stack: readonly bigint[], frame: { code: Address; storage: Address }) {
  if (op.startsWith('CREATE')) return unknown;
  const target = addressOf(stack[1] ?? 0n);
  return { code: target, storage: op === 'DELEGATECALL' || op === 'CALLCODE' ? frame.storage : target };
}

/** @returns the lowest 20 bytes of a word */
export function addressOf(word: bigint): Address {
  return `0x${(word & ((1n << 160n) - 1n)).toString(16).padStart(40, '0')}`;
}
