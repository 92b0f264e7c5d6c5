import { attack, factChanges, gains, performAll } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';

/** The attacker ends with more ether or tokens than before, and with less of nothing. */
export const taken: Goal = {
  name: 'taken',
  fork: 'osaka',
  tellingTokens: false,
  tuned: true,
  propose: (session) => attack(session, { prefixMax: 2, extreme: 0.15, through: session.random.chance(0.2) }),
  async judge(session, steps) {
    const before = await session.holdings();
    const facts = await session.facts();
    const sent = await performAll(session, steps);
    const gained = sent && gains(before, await session.holdings());
    if (!gained) return undefined;
    return {
      summary: `somebody without any rights took ${gained.map(({ what }) => what.replace("the attacker's ", '')).join(' and ')} that others had put in`,
      changes: [...gained, ...(await factChanges(session, facts))],
      sent,
    };
  },
};
