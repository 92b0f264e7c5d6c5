import type { AstNode } from '../../solidity/types.ts';
import { childOf, referenceOf, textOf, typeIdOf, typeOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isFixedVariable,
  isTooDeep,
  type Ref,
  returnsOf,
} from './frames.ts';
import { type Range, rangeOfType } from './integers.ts';
import type { Callable, Program } from './program.ts';
import { type Relations, valueKey } from './relations.ts';
import { keyOf, literalValue, slotOf } from './storage.ts';
import type { Visits, WriteVisit } from './visits.ts';

/**
 * Bounds of values: an interval analysis (Cousot and Cousot 1977) on demand, over what each place may be given.
 * Amounts of ether, times and lengths are taken to stay below what can be reached in practice, and so is what only
 * grows by such steps.
 */
export interface Ranges {
  /** @returns the bounds of an integer expression where `relations` hold; those of its type where nothing more is known. */
  of(node: AstNode, frame: Frame, relations?: Relations): Range;
}

/** 2^96 wei are seven hundred times the ether that there is. */
const etherMax = 2n ** 96n;
/** Seconds and block numbers for the next thirty thousand years. */
const timeMax = 2n ** 40n;
/** No array, and no loop, is longer. */
const lengthMax = 2n ** 40n;
/** More transactions than all chains together will ever have. */
const timesMax = 2n ** 64n;
const depthMax = 12;

/**
 * @param entries all that is written to storage, and to immutables
 * @param isComplete false where some of it was not followed: then what is stored may be anything of its type
 */
export function makeRanges(
  program: Program,
  entries: readonly { visits: Visits }[],
  isComplete: boolean,
): Ranges {
  const byPlace = new Map<string, WriteVisit[]>();
  const immutables = new Map<number, Visits['immutables']>();
  for (const { visits } of entries) {
    for (const write of visits.writes) addTo(byPlace, write.slot.key, write);
    for (const given of visits.immutables) addTo(immutables, given.variable, given);
  }
  const analysis: Analysis = {
    program,
    byPlace,
    immutables,
    isComplete: isComplete && !entries.some(({ visits }) => writesBySlot(program, visits)),
    stored: new Map(),
    running: new Set(),
    steps: 0,
  };
  return {
    of(node, frame, relations) {
      analysis.steps = 0;
      return bounds(analysis, node, { frame, relations, depth: 0 });
    },
  };
}

// Assembly of somebody's own may write to any variable; that of libraries keeps to slots of its own.
function writesBySlot(program: Program, { assembly }: Visits): boolean {
  return assembly.some(({ operation, node }) => operation.name === 'sstore' && program.isOwn(node));
}

function addTo<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

interface Analysis {
  program: Program;
  byPlace: ReadonlyMap<string, WriteVisit[]>;
  immutables: ReadonlyMap<number, Visits['immutables']>;
  isComplete: boolean;
  stored: Map<string, Range>;
  /** Places and locals whose bounds are being found: what leads back to them adds nothing. */
  running: Set<string>;
  /** Expressions looked at for the question asked. */
  steps: number;
}

interface At {
  frame: Frame;
  relations: Relations | undefined;
  depth: number;
}

const stepsMax = 400;
const anything: Range = { min: -(2n ** 255n), max: 2n ** 256n - 1n };

function bounds(analysis: Analysis, expression: AstNode, at: At): Range {
  const node = unwrap(expression);
  const literal = literalValue(node);
  if (literal !== undefined) return { min: literal, max: literal };
  const whole = rangeOfType(typeOf(node)) ?? anything;
  analysis.steps++;
  if (at.depth > depthMax || analysis.steps > stepsMax) return whole;
  const found = inType(compute(analysis, node, { ...at, depth: at.depth + 1 }) ?? whole, whole);
  return at.relations ? narrow(analysis, node, found, { ...at, relations: at.relations }) : found;
}

// What comparisons on the way say of it; the other side is taken as it is, without their help.
function narrow(analysis: Analysis, node: AstNode, range: Range, at: At & { relations: Relations }): Range {
  if (at.relations.size === 0) return range;
  const key = valueKey(node, at.frame);
  let { min, max } = range;
  const alone = (ref: Ref) =>
    bounds(analysis, ref.node, { frame: ref.frame, relations: undefined, depth: at.depth + 4 });
  for (const { small, large, or, smallKey, largeKey, strict } of at.relations.values()) {
    const shift = strict ? 1n : 0n;
    if (smallKey === key && largeKey !== key) {
      const other = or ? union(alone(large), alone(or)) : alone(large);
      if (other.max - shift < max) max = other.max - shift;
    }
    if (largeKey === key && smallKey !== key) {
      const other = alone(small);
      if (other.min + shift > min) min = other.min + shift;
    }
  }
  return min <= max ? { min, max } : range;
}

function compute(analysis: Analysis, node: AstNode, at: At): Range | undefined {
  const child = (field: string): Range => {
    const inner = childOf(node, field);
    return inner ? bounds(analysis, inner, at) : anything;
  };
  switch (node.nodeType) {
    case 'Identifier':
      return identifier(analysis, node, at);
    case 'MemberAccess':
      return member(node) ?? place(analysis, node, at);
    case 'IndexAccess':
      return place(analysis, node, at);
    case 'BinaryOperation':
      return rangeOfOperation(textOf(node, 'operator'), child('leftExpression'), child('rightExpression'));
    case 'Assignment': {
      const operator = textOf(node, 'operator');
      const right = child('rightHandSide');
      return operator === '=' ? right : rangeOfOperation(operator.slice(0, -1), child('leftHandSide'), right);
    }
    case 'UnaryOperation': {
      const operand = child('subExpression');
      const operator = textOf(node, 'operator');
      if (operator === '-') return { min: -operand.max, max: -operand.min };
      const type = operator === '~' ? rangeOfType(typeOf(node)) : undefined;
      return type?.min === 0n ? { min: type.max - operand.max, max: type.max - operand.min } : undefined;
    }
    case 'Conditional':
      return union(child('trueExpression'), child('falseExpression'));
    case 'FunctionCall':
      return called(analysis, node, at);
    default:
      return undefined;
  }
}

function identifier(analysis: Analysis, node: AstNode, at: At): Range | undefined {
  const id = referenceOf(node) ?? -1;
  const variable = analysis.program.stateVariable(id);
  const initial = variable && isFixedVariable(variable) ? childOf(variable, 'value') : undefined;
  if (initial) return bounds(analysis, initial, { ...at, relations: undefined });
  if (variable && isFixedVariable(variable)) return immutable(analysis, id);
  if (variable) return place(analysis, node, at);
  if (textOf(node, 'name') === 'now' && !analysis.program.node(id)) return { min: 0n, max: timeMax };
  const bound = at.frame.bindings.get(id);
  const given = bound && bounds(analysis, bound.node, { ...at, frame: bound.frame });
  const assigned = assignmentsOf(analysis.program, at.frame.callable).get(id) ?? [];
  const isParameter = at.frame.callable.parameters.some((parameter) => parameter.id === id);
  if (isParameter && !bound) return undefined;
  if (assigned.length === 0) return given ?? (isDeclaredEmpty(analysis.program, id) ? zero : undefined);
  const name = `local ${id}`;
  if (analysis.running.has(name)) return zero;
  analysis.running.add(name);
  // A comparison that holds now need not have held when one of several was given.
  const relations = assigned.length === 1 ? at.relations : undefined;
  const values = assigned.map((value) =>
    assignedBounds(analysis, value, node, { ...at, relations }, lengthMax),
  );
  analysis.running.delete(name);
  const start = given ?? (isDeclaredEmpty(analysis.program, id) ? zero : undefined);
  return [...values, ...(start ? [start] : [])].reduce(union);
}

// What the constructors give it; those of derived contracts too.
function immutable(analysis: Analysis, id: number): Range | undefined {
  const name = `immutable ${id}`;
  if (analysis.running.has(name)) return zero;
  analysis.running.add(name);
  const given = analysis.immutables
    .get(id)
    ?.map(({ value, frame, state }) =>
      value ? bounds(analysis, value, { frame, relations: state.relations, depth: 4 }) : anything,
    );
  analysis.running.delete(name);
  return given?.reduce(union);
}

const zero: Range = { min: 0n, max: 0n };

// `uint count;` is zero until it is assigned to; so is a named return value.
function isDeclaredEmpty(program: Program, id: number): boolean {
  const declaration = program.node(id);
  const parent = declaration && program.parent(declaration);
  if (!declaration || !parent) return false;
  if (parent.nodeType === 'ParameterList') return isReturn(program, declaration);
  return parent.nodeType === 'VariableDeclarationStatement' && childOf(parent, 'initialValue') === undefined;
}

function isReturn(program: Program, declaration: AstNode): boolean {
  const callable = program.enclosing(declaration);
  return callable?.returns.includes(declaration) ?? false;
}

/**
 * The bounds of what one assignment gives to its place.
 *
 * @param times how often it may happen before anybody looks, for one that adds to what is there
 */
function assignedBounds(analysis: Analysis, value: AstNode, place: AstNode, at: At, times: bigint): Range {
  const step = stepOf(value, place, at.frame);
  if (!step) return bounds(analysis, value, at);
  const range = step.node ? bounds(analysis, step.node, at) : one;
  return step.grows ? { min: 0n, max: range.max * times } : { min: range.max > 0n ? 0n : range.max, max: 0n };
}

const one: Range = { min: 1n, max: 1n };

// `x++`, `x += e`, `x = x + e` and the same with minus; undefined for any other assignment.
function stepOf(
  value: AstNode,
  place: AstNode,
  frame: Frame,
): { grows: boolean; node: AstNode | undefined } | undefined {
  const operator = textOf(value, 'operator');
  if (value.nodeType === 'UnaryOperation' && (operator === '++' || operator === '--'))
    return { grows: operator === '++', node: undefined };
  if (value.nodeType === 'Assignment') {
    if (operator !== '+=' && operator !== '-=') return undefined;
    return { grows: operator === '+=', node: childOf(value, 'rightHandSide') };
  }
  const inner = unwrap(value);
  if (inner.nodeType !== 'BinaryOperation' || (operator !== '+' && operator !== '-')) return undefined;
  const [left, right] = [childOf(inner, 'leftExpression'), childOf(inner, 'rightExpression')];
  if (!left || !right) return undefined;
  const key = keyOf(place, frame);
  if (keyOf(left, frame) === key) return { grows: operator === '+', node: right };
  return operator === '+' && keyOf(right, frame) === key ? { grows: true, node: left } : undefined;
}

function member(node: AstNode): Range | undefined {
  const name = textOf(node, 'memberName');
  const owner = typeIdOf(childOf(node, 'expression'));
  if (/^t_magic_message/.test(owner)) return name === 'value' ? { min: 0n, max: etherMax } : undefined;
  if (/^t_magic_meta_type/.test(owner) && (name === 'max' || name === 'min')) {
    const end = rangeOfType(typeOf(node))?.[name];
    return end === undefined ? undefined : { min: end, max: end };
  }
  if (/^t_magic_block/.test(owner))
    return name === 'timestamp' || name === 'number' || name === 'chainid'
      ? { min: 0n, max: timeMax }
      : undefined;
  if (name === 'balance' && /^t_(address|contract)/.test(owner)) return { min: 0n, max: etherMax };
  return name === 'length' && /^t_(array|bytes|string)/.test(owner) ? { min: 0n, max: lengthMax } : undefined;
}

function place(analysis: Analysis, node: AstNode, { frame }: At): Range | undefined {
  const slot = slotOf(node, frame);
  const type = rangeOfType(typeOf(node));
  if (!slot || !type || !analysis.isComplete) return undefined;
  const variable = analysis.program.stateVariable(slot.base);
  if (!variable || !analysis.program.isOwn(variable)) return undefined;
  const known = analysis.stored.get(slot.key);
  if (known) return known;
  if (analysis.running.has(slot.key)) return zero;
  analysis.running.add(slot.key);
  const found = storedBounds(analysis, { key: slot.key, variable, type });
  analysis.running.delete(slot.key);
  // What was found while another place was taken for zero holds only there.
  if (analysis.running.size === 0) analysis.stored.set(slot.key, found);
  return found;
}

function storedBounds(
  analysis: Analysis,
  { key, variable, type }: { key: string; variable: AstNode; type: Range },
): Range {
  const initial = childOf(variable, 'value');
  let range = zero;
  if (initial) {
    const literal = literalValue(initial);
    range = literal === undefined ? type : { min: literal, max: literal };
  }
  for (const [other, writes] of analysis.byPlace) {
    if (other !== key && !key.startsWith(`${other}.`)) continue;
    for (const write of writes) {
      range = union(range, other === key ? writtenBounds(analysis, write, type) : type);
      if (range.min <= type.min && range.max >= type.max) return type;
    }
  }
  return inType(range, type);
}

function writtenBounds(analysis: Analysis, { node, frame, state, value }: WriteVisit, type: Range): Range {
  const at: At = { frame, relations: state.relations, depth: 4 };
  if (textOf(node, 'operator') === 'delete') return zero;
  const target = childOf(node, 'leftHandSide') ?? childOf(node, 'subExpression');
  if (!target || target.nodeType === 'TupleExpression') return type;
  const given = value ?? node;
  // An array that is given a value, or pushed to.
  if (node.nodeType === 'FunctionCall') return type;
  return assignedBounds(analysis, given, target, at, timesMax);
}

function called(analysis: Analysis, node: AstNode, at: At): Range | undefined {
  const call = classifyCall(analysis.program, node);
  const first = call.arguments[0];
  if (call.kind === 'conversion') {
    // A literal converts as the integer that it is.
    const isInteger = first && (rangeOfType(typeOf(first)) || literalValue(first) !== undefined);
    const given = isInteger ? bounds(analysis, first, at) : undefined;
    // `uint(-1)`, the largest number there is, as it was written before `type(uint).max`.
    const type = rangeOfType(typeOf(node));
    const isWrapped = given?.min === -1n && given.max === -1n && type?.min === 0n;
    return isWrapped && type ? { min: type.max, max: type.max } : given;
  }
  if (call.kind === 'internal') return internal(analysis, node, call, at);
  const name = textOf(call.callee, 'name');
  const modulus = (name === 'addmod' || name === 'mulmod') && call.arguments[2];
  if (modulus) {
    const { max } = bounds(analysis, modulus, at);
    return { min: 0n, max: max > 0n ? max - 1n : 0n };
  }
  return undefined;
}

function internal(
  analysis: Analysis,
  node: AstNode,
  call: Parameters<typeof dispatch>[1],
  at: At,
): Range | undefined {
  const target: Callable = dispatch(at.frame, call);
  if (!target.body || isTooDeep(at.frame, target) || target.returns.length !== 1) return undefined;
  const name = `call ${node.id} ${at.frame.depth}`;
  if (analysis.running.has(name)) return undefined;
  const frame = childFrame(at.frame, node, target, call.arguments);
  const values = returnsOf(analysis.program, target);
  if (values.length === 0) return undefined;
  analysis.running.add(name);
  const ranges = values.map((value) => bounds(analysis, value, { ...at, frame }));
  analysis.running.delete(name);
  return ranges.reduce(union);
}

/** @returns the bounds of an operation's result before it is brought into its type; undefined where nothing can be said. */
export function rangeOfOperation(operator: string, a: Range, b: Range): Range | undefined {
  switch (operator) {
    case '+':
      return { min: a.min + b.min, max: a.max + b.max };
    case '-':
      return { min: a.min - b.max, max: a.max - b.min };
    case '*': {
      const all = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max];
      return { min: smallest(all), max: largest(all) };
    }
    case '/': {
      if (a.min < 0n || b.min < 0n) return undefined;
      const divisor = b.min > 0n ? b.min : 1n;
      return { min: b.max > 0n ? a.min / b.max : 0n, max: a.max / divisor };
    }
    case '%':
      if (a.min < 0n || b.min < 0n) return undefined;
      return { min: 0n, max: b.max > 0n && b.max - 1n < a.max ? b.max - 1n : a.max };
    case '**': {
      if (a.min < 0n || b.min < 0n || b.max > 512n || a.max > 2n ** 64n) return undefined;
      return { min: a.min ** b.min, max: a.max ** b.max };
    }
    case '<<':
      return b.max > 256n || a.min < 0n || b.min < 0n
        ? undefined
        : { min: a.min << b.min, max: a.max << b.max };
    case '>>':
      return b.min < 0n || a.min < 0n ? undefined : { min: 0n, max: b.min > 256n ? 0n : a.max >> b.min };
    case '&':
      return a.min < 0n || b.min < 0n ? undefined : { min: 0n, max: a.max < b.max ? a.max : b.max };
    default:
      return undefined;
  }
}

// What leaves the type wraps around to anything in it, or, where it is checked, is never seen.
function inType(range: Range, type: Range): Range {
  if (range.min >= type.min && range.max <= type.max) return range;
  return type;
}

function union(a: Range, b: Range): Range {
  return { min: a.min < b.min ? a.min : b.min, max: a.max > b.max ? a.max : b.max };
}

function smallest(values: bigint[]): bigint {
  return values.reduce((a, b) => (a < b ? a : b));
}

function largest(values: bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b));
}
