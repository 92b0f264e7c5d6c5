import { sourceBytes } from './plan-shards.ts';
import type { PreparedCompile } from './types.ts';

/** What a run is for. */
export type Purpose = 'check' | 'ast' | 'build';

/** Milliseconds for a kilobyte of source, measured on 2 cores with OpenZeppelin and Aave. */
const msPerKilobyte: Record<Purpose, number> = { check: 0.7, ast: 1.5, build: 3.5 };

/** Roughly how long a run takes, in milliseconds: good enough to tell small from large. */
export function estimateCostMs(prepared: PreparedCompile, purpose: Purpose): number {
  const { viaIR, optimizer } = prepared.input.settings;
  const kilobytes = sourceBytes(prepared) / 1_000;
  const reading = kilobytes * msPerKilobyte.check;
  if (purpose !== 'build') return kilobytes * msPerKilobyte[purpose];
  const factor = (viaIR ? 3 : 1) * (optimizer.enabled ? 1 : 0.5);
  return reading + kilobytes * (msPerKilobyte.build - msPerKilobyte.check) * factor;
}
