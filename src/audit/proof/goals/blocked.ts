import { concat, encodeAbiParameters } from 'viem';
import { messageOf } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';

/** What a user could do before, nobody can any more once a wei was forced upon the contract. */
export const blocked: Goal = {
  name: 'blocked',
  fork: 'osaka',
  tellingTokens: false,
  propose(session) {
    const { random, focus, world } = session;
    if (focus.length === 0) return [];
    const from = random.pick([world.people.alice, world.people.bob, world.people.deployer]);
    return [{ ...session.call(random.pick(focus), from), from }];
  },
  async judge(session, steps) {
    const { evm, people, forcer, target } = session.world;
    const step = steps.at(-1);
    if (!step || !(await evm.call(messageOf(step, step.from))).ok) return undefined;
    const data = concat([forcer, encodeAbiParameters([{ type: 'address' }], [target.address])]);
    const forced = await evm.send({ from: people.attacker, data, value: 1n });
    if (!forced.ok) return undefined;
    const sent = await session.perform(step);
    if (sent.ok) return undefined;
    return {
      summary: 'one wei that no function sees stops what worked before',
      changes: [
        {
          what: `the last call, after the attacker forced 1 wei upon the contract`,
          before: 'runs',
          after: 'reverts',
        },
      ],
      steps: [step],
      sent: [sent],
    };
  },
};
