import { attack, holdingChange, performAll, repeat } from '../attack-parts.ts';
import type { Evidence, Goal } from '../goal.ts';
import type { Holdings, Session, Step } from '../session.ts';
import type { ProofChange } from '../types.ts';

/**
 * Calls that come back while another one runs give more than the same calls one after the other. The comparison is what
 * tells the fault from a contract that just pays.
 */
export const reEntered: Goal = {
  name: 're-entered',
  fork: 'osaka',
  tellingTokens: true,
  propose(session) {
    const { random, entries } = session;
    const steps = attack(session, { prefixMax: 2, extreme: 0, through: true });
    const last = steps.at(-1);
    if (!last) return [];
    const other =
      random.chance(0.3) && entries.length > 0 ? session.call(random.pick(entries), 'attacker') : last;
    const call = {
      to: other.to,
      data: other.data,
      value: other.value,
      args: other.args,
      ...(other.item ? { item: other.item } : {}),
    };
    return [...steps.slice(0, -1), { ...last, comeBack: { call, rounds: random.pick([1, 2, 3]) } }];
  },
  async judge(session, proposed) {
    const { evm } = session.world;
    const steps = proposed.map(withSameCall);
    const before = await session.holdings();
    const start = await evm.snapshot();
    const first = await performAll(session, steps);
    if (!first) return undefined;
    if (!isMore(before, await session.holdings())) return undefined;
    await evm.revert(start);
    const control = await inOrder(session, first.steps);
    const done = await repeat(session, first.steps);
    if (!done) return undefined;
    const after = await session.holdings();
    const changes = exceeding(before, control, after);
    if (!changes) return undefined;
    return {
      summary:
        'calls that came back before the first one had finished gave more than the same calls one after the other',
      changes: [
        ...changes.map((change) => ({ ...change, what: `${change.what}` })),
        ...compared(control, changes),
      ],
      ...done,
    } satisfies Evidence;
  },
};

// What comes back is the call itself as it was changed to go well.
function withSameCall(step: Step): Step {
  const { comeBack, to, data, value, args, item } = step;
  if (!comeBack || comeBack.call.item !== item) return step;
  return { ...step, comeBack: { ...comeBack, call: { to, data, value, args, ...(item ? { item } : {}) } } };
}

/** What the same calls give one after the other; the state is as before. */
async function inOrder(session: Session, steps: readonly Step[]): Promise<Holdings> {
  const { evm, people } = session.world;
  const start = await evm.snapshot();
  for (const { comeBack, ...step } of steps) {
    await session.perform(step);
    for (let round = 0; comeBack && round < comeBack.rounds; round++)
      await session.perform({ ...comeBack.call, from: people.attacker, through: true });
  }
  const holdings = await session.holdings();
  await evm.revert(start);
  return holdings;
}

function isMore(before: Holdings, after: Holdings): boolean {
  return [...after].some(([name, { amount }]) => amount > (before.get(name)?.amount ?? 0n));
}

// More ether or tokens than there were at all, or more of a record with no less of ether and tokens.
function exceeding(
  before: Holdings,
  control: Holdings,
  after: Holdings,
): (ProofChange & { name: string })[] | undefined {
  const changes: (ProofChange & { name: string })[] = [];
  for (const [name, { kind, amount }] of after) {
    const [earlier, fair] = [before.get(name)?.amount ?? 0n, control.get(name)?.amount ?? 0n];
    if (kind !== 'record' && amount < fair && amount < earlier) return undefined;
    if (kind === 'record' ? amount > fair && amount > earlier : amount > fair && amount > earlier)
      changes.push({ name, ...holdingChange(name, kind, earlier, amount) });
  }
  const worth = changes.some(({ name }) => after.get(name)?.kind !== 'record');
  const less = [...after].some(
    ([name, { kind, amount }]) => kind !== 'record' && amount < (control.get(name)?.amount ?? 0n),
  );
  return changes.length > 0 && (worth || !less) ? changes : undefined;
}

function compared(control: Holdings, changes: readonly (ProofChange & { name: string })[]): ProofChange[] {
  return changes.map(({ name, what, before }) => ({
    what: `${what}, had the calls been made one after the other`,
    before,
    after: String(control.get(name)?.amount ?? 0n),
  }));
}
