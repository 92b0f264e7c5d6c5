import { attack, performAll } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';
import { foreignMark } from '../helper-contracts.ts';

/** The attacker's code ran on a contract's storage: it left its mark there. */
export const foreignCode: Goal = {
  name: 'foreign-code',
  fork: 'osaka',
  tellingTokens: false,
  propose: (session) => attack(session, { prefixMax: 2, extreme: 0.05, through: session.random.chance(0.2) }),
  async judge(session, steps) {
    const { evm, target, others, names } = session.world;
    const done = await performAll(session, steps);
    if (!done) return undefined;
    for (const { address } of [target, ...others]) {
      if ((await evm.storageAt(address, foreignMark)) !== foreignMark) continue;
      const name = names.get(address) ?? address;
      const slot = `slot 0x${foreignMark.toString(16)} of ${name}`;
      return {
        summary: `code of the attacker's ran on the storage of ${name}, and wrote to it`,
        changes: [{ what: slot, before: '0', after: `0x${foreignMark.toString(16)}` }],
        ...done,
      };
    }
    return undefined;
  },
};
