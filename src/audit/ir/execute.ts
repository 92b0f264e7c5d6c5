import { unknownModifiers } from '../../solidity/parts/annotate.ts';
import type { AstNode } from '../../solidity/types.ts';
import { assemblyOperations, callOf } from './assembly.ts';
import { childOf, childrenOf, textOf } from './ast.ts';
import { evaluate, unknownGuard } from './evaluate.ts';
import { type AuthFact, factsOf } from './facts.ts';
import { childFrame, type Frame } from './frames.ts';
import { isCalledLock, lockFault, runsOnceByFlags } from './locks.ts';
import { type Callable, modifiersOf } from './program.ts';
import { assume, join, type State, withItem, withoutItem } from './state.ts';
import type { Run } from './visits.ts';

/** The ways out of a body that are not its end. */
interface Exits {
  returns: State[];
  breaks: State[];
  continues: State[];
  /** What a modifier's `_` runs. */
  placeholder: ((state: State) => State | undefined) | undefined;
}

/**
 * Runs a function symbolically: modifiers around the body, both sides of every branch, loops twice, internal calls
 * in place. (A structured abstract interpretation; no path is enumerated, states meet where branches meet.)
 *
 * @returns the state after it, or undefined when it always reverts
 */
export function runCallable(run: Run, frame: Frame, state: State): State | undefined {
  const modifiers = modifiersOf(frame.program, frame.callable, frame.context);
  const from = (index: number, before: State): State | undefined => {
    const next = modifiers[index];
    if (!next) return runBody(run, frame, before, undefined);
    const given = childrenOf(next.invocation, 'arguments');
    let entered: State | undefined = before;
    for (const argument of given) entered = entered && evaluate(run, argument, frame, entered);
    if (!entered) return undefined;
    const lock = lockName(frame, next.modifier);
    if (lock) entered = { ...entered, locks: withItem(entered.locks, lock) };
    if (!next.modifier.body) return from(index + 1, guarded(entered, next.invocation));
    const inner = childFrame(frame, next.invocation, next.modifier, given);
    const after = runBody(run, inner, entered, (at) => from(index + 1, at));
    return after && lock && !isOneTime(lock) ? { ...after, locks: withoutItem(after.locks, lock) } : after;
  };
  return from(0, behindUnknown(frame.callable, state));
}

/** Modifiers that were left out because nobody knows them: any of them may be the guard. */
function behindUnknown({ node }: Callable, state: State): State {
  const names = node[unknownModifiers];
  if (!Array.isArray(names)) return state;
  const locks = names.flatMap((name) => calledLock(String(name)) ?? []);
  return { ...guarded(state, node), locks: new Set([...state.locks, ...locks]) };
}

function guarded(state: State, by: AstNode): State {
  return { ...state, auth: [...state.auth, unknownGuard(by)] };
}

/** @returns true for the lock of a modifier that lets a function run once in a contract's life. */
export function isOneTime(lock: string): boolean {
  return lock === 'modifier:initializer';
}

function runBody(run: Run, frame: Frame, state: State, placeholder: Exits['placeholder']): State | undefined {
  const body = frame.callable.body;
  if (!body) return state;
  const exits: Exits = { returns: [], breaks: [], continues: [], placeholder };
  const end = execute(run, body, frame, state, exits);
  return exits.returns.reduce<State | undefined>(join, end);
}

// Well-known guards are known by name, because their checks may hide in storage slots by hash.
function calledLock(name: string): string | undefined {
  if (/^(re)?initializer$|^onlyInitializing$/i.test(name)) return 'modifier:initializer';
  return isCalledLock({ name }) ? 'modifier:lock' : undefined;
}

// What can be seen to be no lock is none, whatever its name.
function lockName({ program, callable }: Frame, modifier: Callable): string | undefined {
  const called = runsOnceByFlags(program, modifier) ? 'modifier:initializer' : calledLock(modifier.name);
  if (called !== 'modifier:lock' || !modifier.body) return called;
  // A view only has to look.
  const holds = callable.mutability === 'view' || lockFault(program, modifier) === undefined;
  return holds ? 'modifier:lock' : undefined;
}

function execute(run: Run, node: AstNode, frame: Frame, state: State, exits: Exits): State | undefined {
  run.budget--;
  const value = (field: string, at: State | undefined): State | undefined => {
    const child = childOf(node, field);
    return at && child ? evaluate(run, child, frame, at) : at;
  };
  const branch = (field: string, at: State | undefined): State | undefined => {
    const child = childOf(node, field);
    return at && child ? execute(run, child, frame, at, exits) : at;
  };
  switch (node.nodeType) {
    case 'Block':
    case 'UncheckedBlock': {
      let at: State | undefined = state;
      for (const statement of childrenOf(node, 'statements'))
        at = at && execute(run, statement, frame, at, exits);
      return at;
    }
    case 'ExpressionStatement':
      return value('expression', state);
    case 'VariableDeclarationStatement':
    case 'VariableDefinitionStatement':
      return value('initialValue', state);
    case 'EmitStatement':
      return value('eventCall', state);
    case 'IfStatement': {
      const at = value('condition', state);
      return join(
        branch('trueBody', decide(run, node, true, frame, at)),
        branch('falseBody', decide(run, node, false, frame, at)),
      );
    }
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'ForStatement':
      return loop(run, node, frame, state, exits);
    case 'Return': {
      const at = value('expression', state);
      if (at) exits.returns.push(at);
      return undefined;
    }
    case 'Break':
      exits.breaks.push(state);
      return undefined;
    case 'Continue':
      exits.continues.push(state);
      return undefined;
    case 'Throw':
    case 'RevertStatement':
      return undefined;
    case 'PlaceholderStatement':
      return exits.placeholder ? exits.placeholder(state) : state;
    case 'TryStatement': {
      const at = value('externalCall', state);
      const ends = childrenOf(node, 'clauses').map((clause) => {
        const block = childOf(clause, 'block');
        return at && block ? execute(run, block, frame, at, exits) : at;
      });
      return ends.reduce<State | undefined>(join, undefined);
    }
    case 'InlineAssembly':
      return assembly(run, node, frame, state);
    default:
      return state;
  }
}

function assembly(run: Run, node: AstNode, frame: Frame, state: State): State {
  let at = state;
  for (const operation of assemblyOperations(node)) {
    run.visits.assembly.push({ node, frame, state: at, operation });
    const call = callOf(node, operation);
    if (call) at = { ...at, calls: [...at.calls, { call, frame, before: at }] };
  }
  return asksCaller(node) ? { ...at, auth: [...at.auth, guardOf(node)] } : at;
}

// `if iszero(eq(caller(), sload(slot))) { revert(0, 0) }`: who may pass stands in storage that has no name.
function asksCaller(node: AstNode): boolean {
  const text = JSON.stringify(node['AST'] ?? node['operations'] ?? '');
  return ['caller', 'sload', 'revert'].every((name) => text.includes(name));
}

function guardOf(node: AstNode): AuthFact {
  return { key: `assembly#${node.id}`, variables: [], holder: false, node };
}

function loop(run: Run, node: AstNode, frame: Frame, state: State, outer: Exits): State | undefined {
  const start = childOf(node, 'initializationExpression');
  const condition = childOf(node, 'condition');
  const step = childOf(node, 'loopExpression');
  const body = childOf(node, 'body');
  const test = (at: State | undefined) => (at && condition ? evaluate(run, condition, frame, at) : at);
  let at = start ? execute(run, start, frame, state, outer) : state;
  let left: State | undefined;
  const isDo = node.nodeType === 'DoWhileStatement';
  for (let round = 0; round < 2; round++) {
    const calls = at?.calls.length ?? 0;
    const exits: Exits = { ...outer, breaks: [], continues: [] };
    if (!isDo || round > 0) at = test(at);
    if (!isDo) left = join(left, condition ? decide(run, node, false, frame, at) : undefined);
    const entered = condition && (!isDo || round > 0) ? decide(run, node, true, frame, at) : at;
    let end = entered && body ? execute(run, body, frame, entered, exits) : entered;
    end = exits.continues.reduce<State | undefined>(join, end);
    if (end && step) end = execute(run, step, frame, end, outer);
    left = exits.breaks.reduce<State | undefined>(join, left);
    // A second round only tells something new when the first one left a call behind it.
    const again: boolean = (end?.calls.length ?? 0) > calls;
    if (isDo || round > 0 || !again)
      left = join(left, condition ? decide(run, node, false, frame, test(end)) : undefined);
    at = end;
    if (!again || run.budget < 0) break;
  }
  return left;
}

function decide(
  run: Run,
  node: AstNode,
  truth: boolean,
  frame: Frame,
  state: State | undefined,
): State | undefined {
  const condition = childOf(node, 'condition');
  if (!condition || !state) return state;
  const literal = condition.nodeType === 'Literal' ? textOf(condition, 'value') : '';
  if (literal === String(!truth)) return undefined;
  const decision = { node: condition, frame, truth };
  run.visits.decisions.push(decision);
  return assume(state, factsOf(condition, truth, frame), decision);
}
