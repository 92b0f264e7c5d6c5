import { repair } from './repair.ts';
import type { Sent, Session, Step } from './session.ts';

/** A step as it went well, and what was sent for it. */
export interface Done {
  step: Step;
  sent: Sent;
}

/** Gas that a transaction whose trace is read may have used: a trace is some two hundred bytes an instruction. */
const gasOfTraceMax = 1_000_000;

/**
 * Does a step, and while it reverts, does it again with what its revert asks for. What it cannot get past stays undone.
 *
 * @param options.waits how likely it is waited where the revert asks for another time, from 0 to 1
 * @returns the step as it went well in the end; undefined where it did not
 */
export async function performTuned(
  session: Session,
  step: Step,
  { tries, waits }: { tries: number; waits: number },
): Promise<Done | undefined> {
  const { evm, helpers } = session.world;
  const sender = [step.from, helpers.attackerContract].map(BigInt);
  let current = step;
  for (let count = 0; ; count++) {
    // What reverted has changed nothing but the time.
    const before = current.wait ? await evm.snapshot() : undefined;
    const sent = await session.perform(current);
    if (sent.ok) return { step: current, sent };
    if (count >= tries || !current.item || sent.gasUsed > gasOfTraceMax) return undefined;
    const trace = await evm.trace(sent);
    const { item, args, value, wait = 0 } = current;
    const payable = item.stateMutability === 'payable' || item['payable'] === true;
    const inputs = { parameters: item.inputs ?? [], args, value: payable ? value : undefined, wait };
    const next = repair(inputs, trace, { now: await evm.now(), random: session.random, sender });
    if (before !== undefined) await evm.revert(before);
    if (next === 'barred') session.barred.add(`${step.from} ${item.name}`);
    if (!next || next === 'barred') return undefined;
    if (next.wait > wait && !session.random.chance(waits)) return undefined;
    current = {
      ...current,
      ...session.encode({ owner: session.target(current.to), item, payable }, next.args, next.value ?? 0n),
      wait: next.wait,
    };
  }
}

/**
 * Does the attacker's steps one after the other as `performTuned` does.
 *
 * @returns those that went well; undefined when the last one did not
 */
export async function tune(session: Session, steps: readonly Step[]): Promise<Done[] | undefined> {
  const tuned: Done[] = [];
  for (const [index, step] of steps.entries()) {
    const done = await performTuned(session, step, { tries: 5, waits: 1 });
    if (!done && index === steps.length - 1) return undefined;
    if (!done) continue;
    tuned.push(done);
    if (!done.step.comeBack && session.useful.length < usefulMax) session.useful.push(done.step);
  }
  return tuned;
}

/** Steps that are remembered in one state. */
const usefulMax = 30;
