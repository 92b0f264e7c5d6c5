import type { AstNode } from '../../solidity/types.ts';
import { type Guest, guestOf, takesAway } from './control.ts';
import { resolve } from './frames.ts';
import { looksAt } from './own.ts';
import type { Program } from './program.ts';
import type { EntryRun, Runs } from './runs.ts';
import type { PendingCall } from './state.ts';
import { overlaps, slotOf } from './storage.ts';
import { chosenByCaller, hasBits, taintOf } from './taint.ts';
import type { WriteVisit } from './visits.ts';

/** A write to storage that comes after somebody else's code may have run. */
export interface Unsettled {
  write: WriteVisit;
  pending: PendingCall;
  /** The stranger who has control, if it is one. */
  guest: Guest | undefined;
  /** The place was read before the call: what the function does follows from its old value. */
  stale: boolean;
  /** The place belongs to the caller or is named by them. */
  personal: boolean;
  /** Something is taken away, or replaced. */
  reduces: boolean;
  /** The place is looked at again between the call and the write. */
  rechecked: boolean;
}

/** @returns the writes of a run that come after a call, with what they say about each other */
export function unsettledIn(runs: Runs, run: EntryRun): Unsettled[] {
  const known = memo.get(run);
  if (known) return known;
  const byNode = Map.groupBy(run.visits.writes, ({ node }) => node);
  const found: Unsettled[] = [];
  for (const write of run.visits.writes) {
    for (const pending of write.state.calls) {
      if (isNextRound(byNode.get(write.node) ?? [], write, pending) || isRestored(write, pending)) continue;
      if (isGivenBack(run, write, pending)) continue;
      found.push(describe(runs, write, pending));
    }
  }
  memo.set(run, found);
  return found;
}

const memo = new WeakMap<EntryRun, Unsettled[]>();

function describe(runs: Runs, write: WriteVisit, pending: PendingCall): Unsettled {
  const { before } = pending;
  const operator = write.node['operator'];
  // A check of the same state after the call stops the outer run when an inner one got there first.
  const after = write.state.conditions.filter((condition) => !before.conditions.includes(condition));
  return {
    ...{ write, pending, guest: guestOf(pending, runs) },
    stale: [...before.reads].some((place) => overlaps(place, write.slot.key)),
    personal: write.slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), chosenByCaller)),
    reduces: takesAway(write) || operator === '=',
    rechecked: after.some((condition) => looksAt(condition.node, condition.frame, write.slot.base)),
  };
}

// In a loop, what is settled before each round's call is settled again in the next round.
function isNextRound(
  same: readonly WriteVisit[],
  { frame, slot }: WriteVisit,
  pending: PendingCall,
): boolean {
  return (
    pending.before.written.has(slot.exact) &&
    same.some((other) => other.frame === frame && !other.state.calls.includes(pending))
  );
}

// `before = mark; mark = now; call; mark = before`: set before the call, and put back.
function isRestored({ slot, value, frame }: WriteVisit, { before }: PendingCall): boolean {
  if (!value || !before.written.has(slot.exact)) return false;
  const old = resolve(value, frame);
  return old.node !== value && slotOf(old.node, old.frame)?.key === slot.key;
}

// `owed -= n; if (!to.send(n)) owed += n`: what was taken before the call is given back where it failed.
function isGivenBack({ visits }: EntryRun, { node, slot }: WriteVisit, pending: PendingCall): boolean {
  if (node['operator'] !== '+=' || !pending.before.written.has(slot.exact)) return false;
  return visits.writes.some(
    (other) => other.slot.exact === slot.exact && takesAway(other) && !other.state.calls.includes(pending),
  );
}

/** @returns the name of the state variable that is written, for messages */
export function nameOfPlace(program: Program, { slot }: WriteVisit): string {
  const variable: AstNode | undefined = program.stateVariable(slot.base);
  const name = variable?.['name'];
  return typeof name === 'string' && name !== '' ? name : 'the storage';
}
