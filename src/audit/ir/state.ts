import type { Call } from './calls.ts';
import { type AuthFact, eitherAuth, type Facts } from './facts.ts';
import type { Frame, Ref } from './frames.ts';
import { commonRelations, noRelations, type Relations, withRelations } from './relations.ts';

/** An external call that may have happened on the way here; `transfer` and `send` are among them. */
export interface PendingCall {
  call: Call;
  frame: Frame;
  /** State at the moment of the call. */
  before: State;
}

/** A condition on the way, and how it came out. */
export interface Condition extends Ref {
  truth: boolean;
}

/**
 * What is known at one point of a run. `auth`, `checked`, `locks`, `relations`, `conditions` hold on every way
 * that leads here; `calls`, `reads` and `written` happened on at least one. Values are never changed in place.
 */
export interface State {
  auth: readonly AuthFact[];
  checked: ReadonlySet<string>;
  /** Flags that were checked and then set: nobody passes the same check until they are set back. */
  locks: ReadonlySet<string>;
  /** What comparisons said of values, for as long as no write changed them. */
  relations: Relations;
  conditions: readonly Condition[];
  calls: readonly PendingCall[];
  /** Storage places (keys left out) read so far. */
  reads: ReadonlySet<string>;
  /** Storage places (with keys) written so far. */
  written: ReadonlySet<string>;
}

export const initialState: State = {
  auth: [],
  checked: new Set(),
  locks: new Set(),
  relations: noRelations,
  conditions: [],
  calls: [],
  reads: new Set(),
  written: new Set(),
};

/** @returns the state where two ways meet; undefined stands for a way that does not get here. */
export function join(a: State | undefined, b: State | undefined): State | undefined {
  if (!a || a === b) return b ?? a;
  if (!b) return a;
  return {
    auth: a.auth === b.auth ? a.auth : eitherAuth(a.auth, b.auth),
    checked: common(a.checked, b.checked),
    locks: common(a.locks, b.locks),
    relations: commonRelations(a.relations, b.relations),
    conditions:
      a.conditions === b.conditions
        ? a.conditions
        : a.conditions.filter((item) => b.conditions.includes(item)),
    calls: a.calls === b.calls ? a.calls : [...new Set([...a.calls, ...b.calls])],
    reads: either(a.reads, b.reads),
    written: either(a.written, b.written),
  };
}

/** @returns the state after a condition came out as the facts say. */
export function assume(state: State, facts: Facts, condition: Condition): State {
  return {
    ...state,
    auth: facts.auth.length > 0 ? [...state.auth, ...facts.auth] : state.auth,
    checked: facts.checked.length > 0 ? new Set([...state.checked, ...facts.checked]) : state.checked,
    relations: withRelations(state.relations, facts.relations),
    conditions: [...state.conditions, condition],
  };
}

/** @returns the set with one more item; the same set when it is in already. */
export function withItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return set.has(item) ? set : new Set([...set, item]);
}

/** @returns the set without an item. */
export function withoutItem<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  return set.has(item) ? new Set([...set].filter((other) => other !== item)) : set;
}

function either<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return a === b ? a : new Set([...a, ...b]);
}

function common<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return a === b ? a : new Set([...a].filter((item) => b.has(item)));
}
