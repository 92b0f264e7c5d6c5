import { attack, factChanges, gains, performAll } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';
import type { Session, Step } from '../session.ts';

/** The attacker ends with more ether or tokens than before, and with less of nothing. */
export const taken: Goal = {
  name: 'taken',
  fork: 'osaka',
  tellingTokens: false,
  propose(session) {
    const { random } = session;
    const through = random.chance(0.25);
    const steps = attack(session, { prefixMax: 2, extreme: 0.15, through });
    const asked =
      through && random.chance(0.5) ? steps.map((step) => ({ ...step, answersOne: true })) : steps;
    return random.chance(0.2) ? [...asked, collecting(session)] : asked;
  },
  async judge(session, steps) {
    const before = await session.holdings();
    const facts = await session.facts();
    const done = await performAll(session, steps);
    const gained = done && gains(before, await session.holdings());
    if (!gained) return undefined;
    return {
      summary: `somebody without any rights took ${gained.map(({ what }) => what.replace("the attacker's ", '')).join(' and ')} that others had put in`,
      changes: [...gained, ...(await factChanges(session, facts))],
      ...done,
    };
  },
};

// Takes what the contract was brought to approve.
function collecting(session: Session): Step {
  const { helpers, people, target } = session.world;
  const owner = { executable: session.tokenExecutable, address: helpers.token };
  const item = owner.executable.abi.find(({ name }) => name === 'transferFrom') ?? { type: 'function' };
  const call = session.encode({ owner, item, payable: false }, [
    target.address,
    people.attacker,
    session.tokensHeld(),
  ]);
  return { ...call, from: people.attacker };
}
