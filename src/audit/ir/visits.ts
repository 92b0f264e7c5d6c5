import type { AstNode } from '../../solidity/types.ts';
import type { AssemblyOperation } from './assembly.ts';
import type { Call } from './calls.ts';
import type { Frame } from './frames.ts';
import type { Callable } from './program.ts';
import type { Condition, State } from './state.ts';
import type { Slot } from './storage.ts';

/** Something a run passed, with what was known there. A node inside a loop or a shared function is passed often. */
export interface Visit {
  node: AstNode;
  frame: Frame;
  state: State;
}
export interface CallVisit extends Visit {
  call: Call;
}
export interface WriteVisit extends Visit {
  slot: Slot;
  /** The value written by a plain assignment. */
  value: AstNode | undefined;
}
export interface AssemblyVisit extends Visit {
  operation: AssemblyOperation;
}

/** Everything one entry point may do, in the order of a run. */
export interface Visits {
  calls: CallVisit[];
  writes: WriteVisit[];
  arithmetic: Visit[];
  assembly: AssemblyVisit[];
  /** What constructors give to immutables. */
  immutables: (Visit & { variable: number; value: AstNode | undefined })[];
  /** Every condition that decided something, as it came out on the way that goes on. */
  decisions: Condition[];
}

/** One run through an entry point: collects visits, and stops following calls when its budget is used up. */
export interface Run {
  visits: Visits;
  /** Expressions and statements that may still be looked at. */
  budget: number;
  /** How often each function was run in place. */
  entered: Map<Callable, number>;
  /** Runs a callee in place; handed in because expressions and statements contain each other. */
  enter(frame: Frame, state: State): State | undefined;
}
