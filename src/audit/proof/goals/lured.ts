import { encodeFunctionData } from 'viem';
import { attack, factChanges, gains, performAll, repeat } from '../attack-parts.ts';
import type { Goal } from '../goal.ts';

/** The deployer calls a contract of the attacker's, and with that the attacker does what only the deployer may. */
export const lured: Goal = {
  name: 'lured',
  fork: 'osaka',
  tellingTokens: false,
  propose(session) {
    const steps = attack(session, { prefixMax: 0, extreme: 0.05, through: false });
    return steps.map((step) => ({ ...step, from: session.world.people.deployer, lured: true }));
  },
  async judge(session, steps) {
    const { evm, people, helpers, abis, target } = session.world;
    const [before, facts] = [await session.holdings(), await session.facts()];
    const start = await evm.snapshot();
    const lured = await performAll(session, steps);
    const step = lured?.steps.at(-1);
    if (!lured || !step) return undefined;
    await evm.revert(start);
    if (step.wait) await evm.pass(step.wait);
    const args = [step.to, step.value, step.data] as const;
    const alone = encodeFunctionData({ abi: abis.attacker, functionName: 'act', args });
    const message = { from: people.attacker, to: helpers.attackerContract, data: alone };
    if ((await evm.call(message)).ok) return undefined;
    const done = await repeat(session, lured.steps);
    if (!done) return undefined;
    const trace = (await Promise.all(done.sent.map((each) => evm.trace(each)))).flat();
    const acted = trace.some(
      ({ op, storage }) => storage === target.address && /^(SSTORE|CALL|SELFDESTRUCT)$/.test(op),
    );
    if (!acted) return undefined;
    return {
      summary:
        "the deployer called a contract of the attacker's, and that did here what the attacker could not do",
      changes: [
        {
          what: "the same call from the attacker's contract",
          before: 'reverts when the attacker asks for it',
          after: 'runs when the deployer does',
        },
        ...(gains(before, await session.holdings()) ?? []),
        ...(await factChanges(session, facts)),
      ],
      ...done,
    };
  },
};
