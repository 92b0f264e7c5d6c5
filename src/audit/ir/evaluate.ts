import type { AstNode } from '../../solidity/types.ts';
import {
  childOf,
  childrenOf,
  descendants,
  referenceOf,
  slotsOf,
  textOf,
  typeIdOf,
  typeOf,
  unwrap,
} from './ast.ts';
import { type Call, classifyCall } from './calls.ts';
import { type AuthFact, factsOf } from './facts.ts';
import { isEmpty, isFull } from './filling.ts';
import { childFrame, dispatch, type Frame, isFixed, isTooDeep } from './frames.ts';
import type { Callable, Program } from './program.ts';
import { afterWrite, isChecked, relate, withRelations } from './relations.ts';
import { assume, join, type State, withItem, withoutItem } from './state.ts';
import { isZero, literalValue, slotOf } from './storage.ts';
import type { Run } from './visits.ts';

/**
 * Evaluates an expression in the order the compiler does: records reads, writes, calls and arithmetic on the way.
 *
 * @returns the state after it, or undefined when it always reverts
 */
export function evaluate(run: Run, expression: AstNode, frame: Frame, state: State): State | undefined {
  const node = unwrap(expression);
  if (--run.budget < 0) return state;
  const value = (field: string, at: State | undefined): State | undefined => {
    const child = childOf(node, field);
    return at && child ? evaluate(run, child, frame, at) : at;
  };
  switch (node.nodeType) {
    case 'Identifier':
    case 'MemberAccess':
    case 'IndexAccess':
      return read(run, node, frame, state);
    case 'FunctionCall':
      return evaluateCall(run, node, frame, state);
    case 'FunctionCallOptions':
      return evaluateList(run, childrenOf(node, 'options'), frame, value('expression', state));
    case 'Assignment':
      return assignment(run, node, frame, state);
    case 'UnaryOperation':
      return unary(run, node, frame, state);
    case 'BinaryOperation':
      return binary(run, node, frame, state);
    case 'Conditional': {
      const condition = childOf(node, 'condition');
      const at = value('condition', state);
      if (!condition || !at) return at;
      const yes = assume(at, factsOf(condition, true, frame), { node: condition, frame, truth: true });
      const no = assume(at, factsOf(condition, false, frame), { node: condition, frame, truth: false });
      return join(value('trueExpression', yes), value('falseExpression', no));
    }
    case 'TupleExpression':
      return evaluateList(run, slotsOf(node, 'components'), frame, state);
    case 'IndexRangeAccess':
      return value('baseExpression', state);
    default:
      return state;
  }
}

function evaluateList(
  run: Run,
  nodes: (AstNode | undefined)[],
  frame: Frame,
  state: State | undefined,
): State | undefined {
  let at = state;
  for (const node of nodes) if (node && at) at = evaluate(run, node, frame, at);
  return at;
}

function read(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const slot = slotOf(node, frame);
  const at = indexes(run, node, frame, state);
  if (!slot || !at) return at;
  // Binding a pointer to storage reads nothing yet.
  const pointer = /^struct .* storage/.test(typeOf(node)) || /^mapping/.test(typeOf(node));
  return pointer && !isCopied(node, frame) ? at : { ...at, reads: withItem(at.reads, slot.key) };
}

// A struct of storage that goes into memory is read as a whole.
function isCopied(node: AstNode, { program }: Frame): boolean {
  const parent = program.parent(node);
  if (parent?.nodeType === 'VariableDeclarationStatement')
    return textOf(slotsOf(parent, 'declarations')[0], 'storageLocation') === 'memory';
  const left = parent?.nodeType === 'Assignment' ? childOf(parent, 'leftHandSide') : undefined;
  return left !== undefined && left !== node && / memory$/.test(typeOf(left));
}

// Evaluates what stands inside a place: keys, and calls that make the object.
function indexes(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const at = unwrap(node);
  if (at.nodeType === 'Identifier') return state;
  const inner = childOf(at, at.nodeType === 'IndexAccess' ? 'baseExpression' : 'expression');
  let after: State | undefined = state;
  if (inner) {
    const isPlace = slotOf(inner, frame) !== undefined && inner.nodeType !== 'FunctionCall';
    after = isPlace ? indexes(run, inner, frame, state) : evaluate(run, inner, frame, state);
  }
  const index = at.nodeType === 'IndexAccess' ? childOf(at, 'indexExpression') : undefined;
  return after && index ? evaluate(run, index, frame, after) : after;
}

function assignment(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const left = unwrap(childOf(node, 'leftHandSide') ?? node);
  const right = childOf(node, 'rightHandSide');
  let at = right ? evaluate(run, right, frame, state) : state;
  const plain = node['operator'] === '=';
  const places = left.nodeType === 'TupleExpression' ? slotsOf(left, 'components') : [left];
  for (const place of places) {
    if (!place || !at) continue;
    at = plain ? indexes(run, place, frame, at) : evaluate(run, place, frame, at);
    if (!at) return undefined;
    if (!plain) run.visits.arithmetic.push({ node, frame, state: at });
    at = write(run, { node, place, value: plain && places.length === 1 ? right : undefined }, frame, at);
  }
  return at;
}

function write(
  run: Run,
  { node, place, value }: { node: AstNode; place: AstNode; value: AstNode | undefined },
  frame: Frame,
  state: State,
): State {
  const declared =
    place.nodeType === 'Identifier' ? frame.program.stateVariable(referenceOf(place) ?? -1) : undefined;
  // Moving a storage pointer writes nothing.
  if (place.nodeType === 'Identifier' && !declared && /storage/.test(typeOf(place))) return state;
  const relations = afterWrite(state.relations, node, place, frame);
  const slot = slotOf(place, frame);
  if (!slot) {
    if (declared) run.visits.immutables.push({ node, frame, state, variable: declared.id, value });
    return relations === state.relations ? state : { ...state, relations };
  }
  run.visits.writes.push({ node, frame, state, slot, value });
  const after = { ...state, relations, written: withItem(state.written, slot.exact) };
  const deleted = node['operator'] === 'delete';
  const isKnown = value && (isFixed(frame.program, value) || literalValue(value) !== undefined);
  if (!deleted && !isKnown) {
    const isFilled =
      value && !state.written.has(slot.exact) && isEmpty(slot.exact, state) && isFull(value, frame, state);
    return isFilled ? { ...after, locks: withItem(state.locks, slot.exact) } : after;
  }
  if (state.locks.has(slot.exact)) return { ...after, locks: withoutItem(state.locks, slot.exact) };
  // A flag or record that was looked at and is now closed stops whoever comes by the same way again, unless this
  // way itself fills it first.
  const closes = deleted || (value && (isZero(value) || /^(bool|enum)/.test(typeOf(value))));
  const looked = state.checked.has(slot.exact) || (closes && state.reads.has(slot.key));
  const locks = looked && !state.written.has(slot.exact);
  return locks ? { ...after, locks: withItem(state.locks, slot.exact) } : after;
}

function unary(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const operator = textOf(node, 'operator');
  const operand = childOf(node, 'subExpression');
  if (!operand) return state;
  if (operator === 'delete') {
    const at = indexes(run, operand, frame, state);
    return at && write(run, { node, place: operand, value: undefined }, frame, at);
  }
  const at = evaluate(run, operand, frame, state);
  if (!at || (operator !== '++' && operator !== '--')) return at;
  run.visits.arithmetic.push({ node, frame, state: at });
  return write(run, { node, place: operand, value: undefined }, frame, at);
}

function binary(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const operator = textOf(node, 'operator');
  const left = childOf(node, 'leftExpression');
  const right = childOf(node, 'rightExpression');
  if (!left || !right) return state;
  const at = evaluate(run, left, frame, state);
  if (!at) return undefined;
  if (operator === '&&' || operator === '||') {
    const truth = operator === '&&';
    const known = assume(at, factsOf(left, truth, frame), { node: left, frame, truth });
    const after = evaluate(run, right, frame, known);
    // Only what both ways share is known afterwards; the whole condition is assumed by the branch around it.
    return join(at, after && { ...after, auth: at.auth, conditions: at.conditions });
  }
  const after = evaluate(run, right, frame, at);
  if (!after || !arithmetic.has(operator)) return after;
  run.visits.arithmetic.push({ node, frame, state: after });
  if (operator !== '-' || !/^uint/.test(typeOf(node)) || !isChecked(node, frame)) return after;
  return { ...after, relations: withRelations(after.relations, [relate(right, left, frame, false)]) };
}

const arithmetic = new Set(['+', '-', '*', '**', '%']);

function evaluateCall(run: Run, node: AstNode, frame: Frame, state: State): State | undefined {
  const call = classifyCall(frame.program, node);
  let at: State | undefined = state;
  const receiver = call.callee.nodeType === 'MemberAccess' ? childOf(call.callee, 'expression') : undefined;
  const boundArgument = call.kind === 'internal' && receiver && call.arguments[0] === unwrap(receiver);
  if (receiver && !boundArgument && call.kind !== 'push' && call.kind !== 'pop')
    at = evaluate(run, receiver, frame, at);
  if (at && call.value) at = evaluate(run, call.value, frame, at);
  if (at && call.gas) at = evaluate(run, call.gas, frame, at);
  at = evaluateList(run, call.arguments, frame, at);
  if (!at) return undefined;
  run.visits.calls.push({ node, frame, state: at, call });
  return effect(run, call, frame, at);
}

// A function reached in more ways than this shows nothing new; without the bound, calls in both branches of every
// function would double the work at each level.
const entriesPerCallableMax = 64;

function effect(run: Run, call: Call, frame: Frame, state: State): State | undefined {
  switch (call.kind) {
    case 'require':
    case 'assert': {
      const condition = call.arguments[0];
      if (!condition) return state;
      if (condition.nodeType === 'Literal' && textOf(condition, 'value') === 'false') return undefined;
      const decision = { node: condition, frame, truth: true };
      run.visits.decisions.push(decision);
      return assume(state, factsOf(condition, true, frame), decision);
    }
    case 'revert':
    case 'selfdestruct':
      return undefined;
    case 'push':
    case 'pop':
      return write(run, { node: call.node, place: call.array, value: undefined }, frame, state);
    case 'internal': {
      const target = dispatch(frame, call);
      // What a function without a body will do is the deriving contract's to say: it may well be the guard.
      if (!target.body) return { ...state, auth: [...state.auth, unknownGuard(call.node)] };
      const times = run.entered.get(target) ?? 0;
      const known = times >= entriesPerCallableMax || isInert(frame.program, target);
      if (known || isTooDeep(frame, target) || run.budget < 0) return state;
      run.entered.set(target, times + 1);
      return run.enter(childFrame(frame, call.node, target, call.arguments), state);
    }
    case 'external':
    case 'low-level':
      if (!handsOverControl(call, frame.program.minor)) return state;
      return { ...state, calls: [...state.calls, { call, frame, before: state }] };
    case 'transfer':
    case 'send':
      return { ...state, calls: [...state.calls, { call, frame, before: state }] };
    default:
      return state;
  }
}

const inert = new WeakMap<Callable, boolean>();

// A pure function that refuses nothing, and whose arithmetic the compiler checks, tells nothing that is not in the
// value it returns.
function isInert(program: Program, target: Callable): boolean {
  if (target.mutability !== 'pure' || !target.body) return false;
  const known = inert.get(target);
  if (known !== undefined) return known;
  inert.set(target, true); // Ends cycles.
  const { body } = target;
  const refuses = descendants(body, 'RevertStatement', 'Throw').length > 0;
  const guarded = childrenOf(target.node, 'modifiers').length > 0;
  const computes = program.minor < 8 && descendants(body, 'BinaryOperation', 'Assignment').length > 0;
  const calls = descendants(body, 'FunctionCall').map((node) => classifyCall(program, node));
  const result =
    !refuses &&
    !guarded &&
    !computes &&
    calls.every(
      (call) =>
        // One that recovers a signer says who agreed.
        !/^t_function_ecrecover/.test(typeIdOf(call.callee)) &&
        // Digits may be cut off, whatever the compiler checks.
        !(call.kind === 'conversion' && /^u?int(?!256)\d/.test(typeOf(call.node))) &&
        (call.kind === 'internal'
          ? isInert(program, call.target)
          : call.kind !== 'require' && call.kind !== 'assert' && call.kind !== 'revert'),
    );
  inert.set(target, result);
  return result;
}

/** @returns a check that nobody can see: of a function without a body, or of a modifier that was left out */
export function unknownGuard(node: AstNode): AuthFact {
  return { key: `unimplemented#${node.id}`, variables: [], holder: false, node };
}

// A view call is a STATICCALL since 0.5, and 2,300 gas do not pay for a storage write.
function handsOverControl(call: Extract<Call, { kind: 'external' | 'low-level' }>, minor: number): boolean {
  if (call.kind === 'low-level' && call.method === 'staticcall') return false;
  const mutability = call.kind === 'external' ? call.target?.mutability : undefined;
  if (minor >= 5 && (mutability === 'view' || mutability === 'pure')) return false;
  const gas = call.gas && literalValue(call.gas);
  return gas === undefined || gas > 2300n;
}
