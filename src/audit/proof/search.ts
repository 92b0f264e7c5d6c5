import type { Evidence, Goal } from './goal.ts';
import { goals } from './goals/index.ts';
import { runsPlace } from './place.ts';
import { populate } from './populate.ts';
import { type Random, randomFrom } from './random.ts';
import { openSession, type Session, type Step } from './session.ts';
import { showStep } from './show-step.ts';
import { tune } from './tune.ts';
import type { Proof, ProofTask, Target } from './types.ts';
import { openWorld } from './world.ts';

/** Populated states that one deployment is used for before others arguments are tried. */
const trialsPerWorld = 6;
const attemptsPerTrial = 25;

/**
 * Looks for a sequence of transactions that shows a finding. It deploys the target on a chain in memory, lets the
 * deployer and users do ordinary things, and then tries what an attacker might do, until something happens that only the
 * fault allows. What it found is then made as short as it can be and still shows it.
 *
 * @param options.now milliseconds; only differences are used
 * @param options.isFull whether it holds so much memory that it has to end
 */
export async function searchProof(
  task: ProofTask,
  { now, isFull }: { now: () => number; isFull: () => boolean },
): Promise<Proof> {
  const started = now();
  const seconds = () => (now() - started) / 1_000;
  const isOver = () => seconds() >= task.seconds || isFull();
  const random = randomFrom(task.seed);
  const counts = { deployed: 0, sequences: 0 };
  const plans = task.goals.flatMap((name) => {
    const goal = goals.find((each) => each.name === name);
    return goal ? task.targets.map((target) => ({ goal, target })) : [];
  });
  for (let round = 0; plans.length > 0 && !isOver(); round++) {
    const { goal, target } = plans[round % plans.length] as (typeof plans)[number];
    const found = await searchWorld(task, {
      goal,
      target,
      random,
      counts,
      isOver,
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
}

async function searchWorld(task: ProofTask, search: Search): Promise<Omit<Proof, 'seconds'> | undefined> {
  const { goal, target, random, counts, isOver, round } = search;
  const tellingTokens = goal.tellingTokens && round % 2 === 1;
  const world = await openWorld(task, target, { fork: goal.fork, random, tries: 40, tellingTokens });
  if (!world) return undefined;
  counts.deployed++;
  const { evm } = world;
  let deployed = await evm.snapshot();
  for (let trial = 0; trial < trialsPerWorld && !isOver(); trial++) {
    await evm.revert(deployed);
    deployed = await evm.snapshot();
    const session = openSession(world, { task, plan: target, random });
    const before = await populate(session, round * trialsPerWorld + trial);
    for (let attempt = 0; attempt < attemptsPerTrial && !isOver(); attempt++) {
      const proposed = goal.propose(session);
      if (proposed.length === 0) break;
      counts.sequences++;
      let populated = await evm.snapshot();
      const steps = goal.tuned ? await tune(session, proposed) : proposed;
      if (steps) {
        await evm.revert(populated);
        populated = await evm.snapshot();
        session.reset(before);
        const evidence = await judged(session, goal, steps);
        if (evidence) return shortest({ session, goal, before, steps, deployed });
      }
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
}

// Leaves out one step after the other, as long as the rest still shows the fault.
async function shortest({ session, goal, before, steps, deployed }: Found): Promise<Omit<Proof, 'seconds'>> {
  const { evm } = session.world;
  let start = deployed;
  const replay = async (lead: readonly Step[], attack: readonly Step[]) => {
    await evm.revert(start);
    start = await evm.snapshot();
    session.reset([]);
    for (const step of lead) await session.perform(step);
    return judged(session, goal, attack);
  };
  let [lead, attack] = [before, steps];
  for (let at = lead.length - 1; at >= 0; at--) {
    const shorter = lead.toSpliced(at, 1);
    if (await replay(shorter, attack)) lead = shorter;
  }
  for (let at = attack.length - 2; at >= 0; at--) {
    const shorter = attack.toSpliced(at, 1);
    if (await replay(lead, shorter)) attack = shorter;
  }
  const evidence = await replay(lead, attack);
  if (!evidence) return notProven('an attack that worked once did not work again');
  return toProof(session, { lead, attack, evidence });
}

function toProof(
  { world }: Session,
  { lead, attack, evidence }: { lead: readonly Step[]; attack: readonly Step[]; evidence: Evidence },
): Omit<Proof, 'seconds'> {
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
