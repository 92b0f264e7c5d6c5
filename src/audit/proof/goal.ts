import type { Fork } from '../../evm/types.ts';
import type { Sent, Session, Step } from './session.ts';
import type { GoalName, ProofChange } from './types.ts';

/** What an attack brought about. */
export interface Evidence {
  /** One sentence. */
  summary: string;
  changes: ProofChange[];
  /** What was done in the end. */
  steps: readonly Step[];
  /** The attacker's transactions, which have to run the place at fault. */
  sent: Sent[];
}

/**
 * Something that only a fault lets happen. The attacker was given nothing, knows nothing secret, and what anybody may do
 * by the contract's own rules is no evidence.
 */
export interface Goal {
  name: GoalName;
  /** The rules it is judged by. */
  fork: Fork;
  /** Whether tokens tell their receivers, as ERC-777 does. */
  tellingTokens: boolean;
  /** What the attacker might do in the present state. */
  propose(session: Session): Step[];
  /** Does it, and compares with what should have come of it. Leaves the state behind in which the evidence holds. */
  judge(session: Session, steps: readonly Step[]): Promise<Evidence | undefined>;
}
