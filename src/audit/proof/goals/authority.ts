import { signatureOf } from '../../../solidity/encode-call.ts';
import { attack, factChanges, gains, messageOf, performAll } from '../attack-parts.ts';
import type { Evidence, Goal } from '../goal.ts';
import { type Call, nameOfItem, type Sent, type Session, type Step } from '../session.ts';

/** The attacker may do what only the deployer could do before. */
export const authority: Goal = {
  name: 'authority',
  fork: 'osaka',
  tellingTokens: false,
  propose: (session) => attack(session, { prefixMax: 1, extreme: 0.05, through: false }),
  async judge(session, steps) {
    const kept = await keptForDeployer(session);
    const [before, facts] = [await session.holdings(), await session.facts()];
    const done = await performAll(session, steps);
    if (!done) return undefined;
    const changes = await factChanges(session, facts);
    const gained = gains(before, await session.holdings());
    const won = (await passing(session, kept))[0];
    if (won && (await isTakeover(session, done))) return { ...evidenceOf(won, changes), ...done };
    return (
      gained && {
        summary: 'somebody without any rights took what others had put in',
        changes: [...gained, ...changes],
        ...done,
      }
    );
  },
};

function evidenceOf(won: Call, changes: Evidence['changes']): Pick<Evidence, 'summary' | 'changes'> {
  const name = won.item ? signatureOf(won.item) : 'a call';
  return {
    summary: `somebody without any rights may now call ${name}, which only the deployer could call before`,
    changes: [...changes, { what: `${name} called by the attacker`, before: 'reverts', after: 'runs' }],
  };
}

const probes = new WeakMap<Session, Call[]>();
const known = new WeakMap<readonly Step[], Call[]>();

// Asked once of each state that attacks start from.
async function keptForDeployer(session: Session): Promise<Call[]> {
  const state = session.settled();
  const kept = (state && known.get(state)) ?? (await askKept(session));
  if (state) known.set(state, kept);
  return kept;
}

// Calls that the deployer may make, and neither the attacker nor another user.
async function askKept(session: Session): Promise<Call[]> {
  const { evm, people } = session.world;
  let calls = probes.get(session);
  if (!calls) {
    const others = session.entries.filter(({ item }) => item.type === 'function');
    calls = others.flatMap((entry) => [1, 2, 3].map(() => session.call(entry, people.attacker)));
    probes.set(session, calls);
  }
  const kept: Call[] = [];
  for (const call of calls) {
    if (kept.length >= 6) break;
    const results = [];
    for (const from of [people.deployer, people.attacker, people.alice]) {
      results.push((await evm.call(messageOf(call, from))).ok);
      if (results.length === 1 && !results[0]) break;
    }
    if (results[0] && !results[1] && !results[2]) kept.push(call);
  }
  return kept;
}

async function passing({ world }: Session, calls: readonly Call[]): Promise<Call[]> {
  const passed: Call[] = [];
  for (const call of calls)
    if ((await world.evm.call(messageOf(call, world.people.attacker))).ok) passed.push(call);
  return passed;
}

// To enrol as everybody may is no takeover: either the deployer never did what the attacker did, or lost it to them.
async function isTakeover(
  session: Session,
  { steps, sent }: { steps: readonly Step[]; sent: readonly Sent[] },
): Promise<boolean> {
  const { evm, people, target } = session.world;
  const names = new Set(steps.map(({ item }) => item && nameOfItem(item)));
  if (
    !session.done().some(({ from, item }) => from === people.deployer && item && names.has(nameOfItem(item)))
  )
    return true;
  for (const transaction of sent) {
    for (const step of await evm.trace(transaction)) {
      if (step.op !== 'SSTORE' || step.storage !== target.address) continue;
      const [slot = 0n, value = 0n] = step.stack;
      const before = await evm.storageAt(step.storage, slot, transaction.block - 1);
      if (holds(value, people.attacker) && holds(before, people.deployer)) return true;
    }
  }
  return false;
}

function holds(word: bigint, address: string): boolean {
  return word.toString(16).padStart(64, '0').includes(address.slice(2));
}
