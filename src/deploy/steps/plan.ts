import type { PlannedMessage } from '../messages.ts';
import { type StepContext, stamp } from './context.ts';

/** Notes that work has begun. No effect. */
export function plan(context: StepContext): PlannedMessage {
  const { chainId, from, data } = context.plan;
  return { kind: 'planned', at: stamp(context), chainId, from, creationBytes: (data.length - 2) / 2 };
}
