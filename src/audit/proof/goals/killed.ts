import { attack, gains, performAll } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';

/** The code is gone. Only chains before Cancun remove it, so that is where it is shown. */
export const killed: Goal = {
  name: 'killed',
  fork: 'shanghai',
  tellingTokens: false,
  propose: (session) => attack(session, { prefixMax: 1, extreme: 0.1, through: session.random.chance(0.2) }),
  async judge(session, steps) {
    const { evm, target, others, names } = session.world;
    const before = await session.holdings();
    const done = await performAll(session, steps);
    if (!done) return undefined;
    for (const { address } of [target, ...others]) {
      if ((await evm.code(address)) !== '0x') continue;
      const name = names.get(address) ?? address;
      return {
        summary: `somebody without any rights destroyed ${name}: its code is gone on chains before Cancun, its ether is sent away on all`,
        changes: [
          { what: `the code of ${name}`, before: 'there', after: 'gone' },
          ...(gains(before, await session.holdings()) ?? []),
        ],
        ...done,
      };
    }
    return undefined;
  },
};
