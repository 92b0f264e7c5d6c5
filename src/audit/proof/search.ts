import type { Evidence, Goal } from './goal.ts';
import { goals } from './goals/index.ts';
import { runsPlace } from './place.ts';
import { populate } from './populate.ts';
import { type Random, randomFrom } from './random.ts';
import { openSession, type Session, type Step } from './session.ts';
import { showStep } from './show-step.ts';
import type { Proof, ProofTask, Target } from './types.ts';
import { type Base, openBase, openWorld } from './world.ts';

/** Populated states that one deployment is used for before others arguments are tried. */
const trialsPerWorld = 6;
const attemptsPerTrial = 25;

/**
 * Looks for a sequence of transactions that shows a finding. It deploys the target on a chain in memory, lets the
 * deployer and users do ordinary things, and then tries what an attacker might do, until something happens that only the
 * fault allows. What it found is then made as short as it can be and still shows it.
 *
 * @param options.now milliseconds; only differences are used
 * @param options.mustStop whether it has to end before its time
 */
export async function searchProof(
  task: ProofTask,
  { now, mustStop }: { now: () => number; mustStop: () => boolean },
): Promise<Proof> {
  const started = now();
  const seconds = () => (now() - started) / 1_000;
  const isOver = () => seconds() >= task.seconds || mustStop();
  const random = randomFrom(task.seed);
  const counts = { deployed: 0, sequences: 0 };
  const bases = new Map<string, Base>();
  const plans = task.goals.flatMap((name) => {
    const goal = goals.find((each) => each.name === name);
    return goal ? task.targets.map((target) => ({ goal, target })) : [];
  });
  for (let round = 0; plans.length > 0 && !isOver(); round++) {
    const { goal, target } = plans[round % plans.length] as (typeof plans)[number];
    const found = await searchWorld(task, {
      ...{ goal, target, random, counts, bases, isOver },
      round: Math.floor(round / plans.length),
    });
    if (found) return { ...found, seconds: seconds() };
    if (counts.deployed === 0 && round >= plans.length * 3) break;
  }
  return { ...notProven(reasonOf(task, counts, isOver())), seconds: seconds() };
}

/** @returns a proof that there is none, with the reason */
export function notProven(summary: string): Omit<Proof, 'seconds'> {
  return { status: 'not-proven', summary, accounts: [], transactions: [], changes: [] };
}

function reasonOf({ targets }: ProofTask, counts: Counts, isOver: boolean): string {
  if (targets.length === 0) return 'no contract of the sources that has this code can be deployed';
  if (counts.deployed === 0)
    return 'the contract could not be deployed: no arguments that were tried suit its constructor';
  const tried = `${counts.sequences} sequences of transactions were tried and none showed it`;
  return isOver ? `${tried} before the time was over` : tried;
}

interface Counts {
  deployed: number;
  sequences: number;
}

interface Search {
  goal: Goal;
  target: Target;
  random: Random;
  counts: Counts;
  isOver(): boolean;
  round: number;
  /** Chains by their rules. */
  bases: Map<string, Base>;
}

async function searchWorld(task: ProofTask, search: Search): Promise<Omit<Proof, 'seconds'> | undefined> {
  const { goal, target, random, counts, isOver, round } = search;
  const tellingTokens = goal.tellingTokens && round % 2 === 1;
  const key = `${goal.fork} ${tellingTokens}`;
  const base = search.bases.get(key) ?? (await openBase(task, { fork: goal.fork, tellingTokens }));
  search.bases.set(key, base);
  const world = await openWorld(base, task, { target, random, tries: 40 });
  if (!world) return undefined;
  counts.deployed++;
  const { evm } = world;
  let deployed = await evm.snapshot();
  for (let trial = 0; trial < trialsPerWorld && !isOver(); trial++) {
    await evm.revert(deployed);
    deployed = await evm.snapshot();
    const session = openSession(world, { task, plan: target, random });
    const before = await populate(session, { trial: round * trialsPerWorld + trial, isOver });
    session.settle(before);
    session.tunes = true;
    for (let attempt = 0; attempt < attemptsPerTrial && !isOver(); attempt++) {
      const proposed = goal.propose(session);
      if (proposed.length === 0) break;
      counts.sequences++;
      const populated = await evm.snapshot();
      const evidence = await judged(session, goal, proposed);
      if (evidence) return shortest({ session, goal, before, steps: evidence.steps, deployed, isOver });
      await evm.revert(populated);
      session.reset(before);
    }
  }
  return undefined;
}

async function judged(session: Session, goal: Goal, steps: readonly Step[]): Promise<Evidence | undefined> {
  const evidence = await goal.judge(session, steps);
  return evidence && (await runsPlace(session, evidence.sent)) ? evidence : undefined;
}

interface Found {
  session: Session;
  goal: Goal;
  before: readonly Step[];
  steps: readonly Step[];
  /** A snapshot of right after the deployment. */
  deployed: string;
  isOver(): boolean;
}

// Does it once more from the beginning, without one part after the other, as long as the rest still shows the fault.
async function shortest(found: Found): Promise<Omit<Proof, 'seconds'>> {
  const { session, goal, isOver } = found;
  const { evm } = session.world;
  session.tunes = false;
  let start = found.deployed;
  let best: Shown | undefined;
  const replay = async (lead: readonly Step[], attack: readonly Step[]) => {
    await evm.revert(start);
    start = await evm.snapshot();
    session.reset([]);
    for (const step of lead) await session.perform(step);
    const evidence = await judged(session, goal, attack);
    if (evidence) best = { lead, attack, evidence };
    return evidence !== undefined;
  };
  const lead = await without(found.before, isOver, (shorter) => replay(shorter, found.steps));
  const last = found.steps.slice(-1);
  await without(found.steps.slice(0, -1), isOver, (shorter) => replay(lead, [...shorter, ...last]));
  if (!best) await replay(found.before, found.steps);
  return best ? toProof(session, best) : notProven('an attack that worked once did not work again');
}

interface Shown {
  lead: readonly Step[];
  attack: readonly Step[];
  evidence: Evidence;
}

/** Leaves out ever smaller parts, as long as what is left is enough and there is time. */
async function without(
  steps: readonly Step[],
  isOver: () => boolean,
  isEnough: (shorter: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  let left = steps;
  for (let size = left.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = Math.max(0, left.length - size); !isOver(); at -= size) {
      const from = Math.max(0, at);
      const shorter = left.toSpliced(from, at + size - from);
      if (shorter.length < left.length && (await isEnough(shorter))) left = shorter;
      if (at <= 0) break;
    }
  return left;
}

function toProof({ world }: Session, { lead, attack, evidence }: Shown): Omit<Proof, 'seconds'> {
  const transactions = [...world.deployment, ...[...lead, ...attack].map((step) => showStep(step, world))];
  const mentioned = JSON.stringify(transactions);
  return {
    status: 'proven',
    summary: evidence.summary,
    accounts: [...world.names]
      .filter(([, name]) => mentioned.includes(name))
      .map(([address, name]) => ({ name, address })),
    transactions,
    changes: evidence.changes.map(({ what, before, after }) => ({ what, before, after })),
  };
}
