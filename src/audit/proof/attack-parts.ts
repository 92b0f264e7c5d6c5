import type { Address } from '../../evm/types.ts';
import {
  type Call,
  type Entry,
  type Holdings,
  nameOfItem,
  type Sent,
  type Session,
  type Step,
} from './session.ts';
import { tune } from './tune.ts';
import type { ProofChange } from './types.ts';

/** @returns calls that prepare, and one that leads to the place at fault, all by the attacker */
export function attack(
  session: Session,
  options: { prefixMax: number; extreme: number; through: boolean },
): Step[] {
  const { random, world } = session;
  const { extreme, through } = options;
  const length = Math.floor(random.next() * (options.prefixMax + 1));
  const step = (entry: Entry | undefined): Step[] =>
    entry ? [{ ...session.call(entry, 'attacker', { extreme }), from: world.people.attacker, through }] : [];
  const useful = session.useful.filter((each) => each.through === through);
  const prefix = Array.from({ length }, () =>
    useful.length > 0 && random.chance(0.5) ? [random.pick(useful)] : step(preparing(session)),
  );
  return [...prefix.flat(), ...step(final(session))];
}

function preparing({ random, entries: all, plan, barred, world }: Session): Entry | undefined {
  const refused = ({ item }: Entry) => barred.has(`${world.people.attacker} ${item.name}`);
  const entries = all.filter((entry) => !refused(entry) || random.chance(0.1));
  const feeding = entries.filter(({ item }) => plan.feeders.includes(nameOfItem(item)));
  if (feeding.length > 0 && random.chance(0.75)) return random.pick(feeding);
  return entries.length > 0 ? random.pick(entries) : undefined;
}

function final({ random, entries, focus }: Session): Entry | undefined {
  if (focus.length > 0) return random.pick(focus);
  return entries.length > 0 ? random.pick(entries) : undefined;
}

/** Steps that were done, and what was sent for them. */
interface Performed {
  steps: Step[];
  sent: Sent[];
}

/**
 * Does all steps; while an attack is looked for, each is changed until it goes well.
 *
 * @returns what was done in the end; undefined when the last one failed
 */
export async function performAll(session: Session, steps: readonly Step[]): Promise<Performed | undefined> {
  if (session.tunes) {
    const done = await tune(session, steps);
    return done && { steps: done.map(({ step }) => step), sent: done.map(({ sent }) => sent) };
  }
  return repeat(session, steps);
}

/** Does all steps as they are. @returns undefined when the last one failed */
export async function repeat(session: Session, steps: readonly Step[]): Promise<Performed | undefined> {
  const sent: Sent[] = [];
  for (const step of steps) sent.push(await session.perform(step));
  return sent.at(-1)?.ok ? { steps: [...steps], sent: sent.filter(({ ok }) => ok) } : undefined;
}

/** @returns what ether and tokens there are more of; undefined when there is nothing, or less of something */
export function gains(before: Holdings, after: Holdings): ProofChange[] | undefined {
  const changes: ProofChange[] = [];
  for (const [name, { kind, amount }] of after) {
    const earlier = before.get(name)?.amount ?? 0n;
    if (kind === 'record' || amount === earlier) continue;
    if (amount < earlier) return undefined;
    changes.push(holdingChange(name, kind, earlier, amount));
  }
  return changes.length > 0 ? changes : undefined;
}

/** @returns a change of what the attacker has; ether in wei */
export function holdingChange(name: string, kind: string, before: bigint, after: bigint): ProofChange {
  const what =
    kind === 'ether'
      ? "the attacker's ether (wei)"
      : kind === 'token'
        ? `the attacker's ${name}`
        : `${name} of the attacker`;
  return { what, before: String(before), after: String(after) };
}

/** @returns what functions without parameters say now, where it is something else than before */
export async function factChanges(
  session: Session,
  before: ReadonlyMap<string, string>,
): Promise<ProofChange[]> {
  const after = await session.facts();
  return [...after].flatMap(([what, value]) => {
    const earlier = before.get(what) ?? '';
    return value === earlier ? [] : [{ what, before: named(session, earlier), after: named(session, value) }];
  });
}

function named({ world }: Session, text: string): string {
  return world.names.get(text as Address) ?? text;
}

/** @returns the call as it would be sent by somebody */
export function messageOf({ to, data, value }: Call, from: Address) {
  return { from, to, data, value };
}
