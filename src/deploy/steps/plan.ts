import type { PlannedMessage } from '../messages.ts';
import { type StepContext, stamp } from './context.ts';

/** Notes that work has begun. No effect. */
export function plan(context: StepContext): PlannedMessage {
  const { chainId, from, data, call } = context.plan;
  const what = call ?? { creationBytes: (data.length - 2) / 2 };
  return { kind: 'planned', at: stamp(context), chainId, from, ...what };
}
