import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import type { OpenEngine } from './types.ts';

/** LIST of engines. All pass one conformance suite. */
export const engines = { postgres, redis } satisfies Record<string, OpenEngine>;

export type EngineName = keyof typeof engines;
