import type { AstNode } from '../../solidity/types.ts';
import { magicAssignments } from './assembly.ts';
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
import { type Callable, type Contract, type Program, resolveVirtual } from './program.ts';

/** One activation of a function or modifier on the way from an entry point: says what its parameters stand for. */
export interface Frame {
  program: Program;
  callable: Callable;
  /** The deployed contract whose code this is; decides virtual calls. */
  context: Contract;
  parent: Frame | undefined;
  /** The call or modifier invocation that leads here from `parent`. */
  via: AstNode | undefined;
  bindings: Map<number, Ref>;
  children: Map<AstNode, Frame>;
  depth: number;
}

/** An expression together with the activation it is read in. */
export interface Ref {
  node: AstNode;
  frame: Frame;
}

/** @returns the outermost frame of an entry point: its parameters are the caller's to choose. */
export function entryFrame(program: Program, callable: Callable, context: Contract): Frame {
  return {
    program,
    callable,
    context,
    parent: undefined,
    via: undefined,
    bindings: new Map(),
    children: new Map(),
    depth: 0,
  };
}

/** @returns the frame of a callee or modifier, its parameters bound to the arguments as read in `frame`. */
export function childFrame(frame: Frame, via: AstNode, callable: Callable, given: AstNode[]): Frame {
  const known = frame.children.get(via);
  if (known) return known;
  const bindings = new Map<number, Ref>();
  callable.parameters.forEach((parameter, index) => {
    const node = given[index];
    if (node) bindings.set(parameter.id, { node, frame });
  });
  const { program, context } = frame;
  const child: Frame = {
    program,
    callable,
    context,
    parent: frame,
    via,
    bindings,
    children: new Map(),
    depth: frame.depth + 1,
  };
  frame.children.set(via, child);
  return child;
}

/** @returns the frame of the entry point that leads here. */
export function outermost(frame: Frame): Frame {
  let at = frame;
  while (at.parent) at = at.parent;
  return at;
}

/** @returns the place in the entry point from which a way leads here; the place itself where it stands there. */
export function inEntry(at: Ref): Ref {
  let { node, frame } = at;
  while (frame.parent && frame.via) {
    node = frame.via;
    frame = frame.parent;
  }
  return { node, frame };
}

/** @returns the function that an internal call runs in this frame's deployed contract. */
export function dispatch(frame: Frame, call: Extract<Call, { kind: 'internal' }>): Callable {
  if (call.dispatch === 'exact') return call.target;
  if (call.dispatch === 'super') return resolveVirtual(call.target, frame.context, frame.callable.contract);
  return resolveVirtual(call.target, frame.context);
}

/** @returns true when `callable` is already being run on the way to `frame`, or the way is too long to follow. */
export function isTooDeep(frame: Frame, callable: Callable): boolean {
  if (frame.depth >= 24) return true;
  for (let at: Frame | undefined = frame; at; at = at.parent) if (at.callable === callable) return true;
  return false;
}

/**
 * Follows conversions, parentheses, bound parameters, locals assigned once and functions that only return an
 * expression, so that `_msgSender()`, `owner()` and a modifier's parameter are seen as what they stand for.
 */
export function resolve(node: AstNode, frame: Frame): Ref {
  let at: Ref = { node: unwrap(node), frame };
  for (let steps = 0; steps < 40; steps++) {
    const next = follow(at);
    if (!next) return at;
    at = { node: unwrap(next.node), frame: next.frame };
  }
  return at;
}

/** @returns every expression that a function assigns to one of its locals, by the local's id. */
export function assignmentsOf(program: Program, callable: Callable): Map<number, AstNode[]> {
  let known = assignments.get(callable);
  if (!known) {
    known = collectAssignments(program, callable);
    assignments.set(callable, known);
  }
  return known;
}

/** @returns the expressions a function may return, named return variables included. */
export function returnsOf(program: Program, callable: Callable): AstNode[] {
  if (!callable.body) return [];
  const found = descendants(callable.body, 'Return').flatMap((node) => childOf(node, 'expression') ?? []);
  const locals = assignmentsOf(program, callable);
  return [...found, ...callable.returns.flatMap((variable) => locals.get(variable.id) ?? [])];
}

/** @returns true when the expression is exactly `msg.sender`, under whatever name. */
export function isSender(node: AstNode, frame: Frame): boolean {
  return isMagic(resolve(node, frame).node, 'msg', 'sender');
}

/** @returns true where a function on the way is told who calls: it may well ask */
export function isToldSender(frame: Frame): boolean {
  for (let at: Frame | undefined = frame; at; at = at.parent)
    for (const given of at.bindings.values()) if (isSender(given.node, given.frame)) return true;
  return false;
}

/** @returns true when the expression is exactly `tx.origin`, under whatever name. */
export function isOrigin(node: AstNode, frame: Frame): boolean {
  return isMagic(resolve(node, frame).node, 'tx', 'origin');
}

/** @returns true for `object.member` of a built-in such as `msg`, `tx`, `block`. */
export function isMagic(node: AstNode, object: string, member: string): boolean {
  if (node.nodeType !== 'MemberAccess' || textOf(node, 'memberName') !== member) return false;
  const owner = childOf(node, 'expression');
  return (
    owner?.nodeType === 'Identifier' && textOf(owner, 'name') === object && /^t_magic/.test(typeIdOf(owner))
  );
}

/** @returns true for `this` and `address(this)`. */
export function isThis(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame).node;
  return at.nodeType === 'Identifier' && textOf(at, 'name') === 'this';
}

/** @returns true for literals, constants, enum members and immutables: values that no transaction changes. */
export function isFixed(program: Program, node: AstNode): boolean {
  const at = unwrap(node);
  if (at.nodeType === 'Literal') return true;
  if (at.nodeType === 'UnaryOperation')
    return isFixed(program, childOf(at, 'subExpression') ?? at) && at['operator'] === '-';
  if (at.nodeType === 'MemberAccess')
    return /^t_enum/.test(typeIdOf(at)) && /^t_type/.test(typeIdOf(childOf(at, 'expression')));
  if (at.nodeType === 'FunctionCall' && textOf(at, 'kind') === 'typeConversion') {
    return childrenOf(at, 'arguments').every((argument) => isFixed(program, argument));
  }
  const variable = at.nodeType === 'Identifier' ? program.stateVariable(referenceOf(at) ?? -1) : undefined;
  return variable !== undefined && isFixedVariable(variable);
}

/** @returns true for `constant` and `immutable` state variables. */
export function isFixedVariable(variable: AstNode): boolean {
  return variable['constant'] === true || textOf(variable, 'mutability') === 'immutable';
}

const assignments = new WeakMap<Callable, Map<number, AstNode[]>>();

function follow({ node, frame }: Ref): Ref | undefined {
  if (node.nodeType === 'Identifier') {
    const id = referenceOf(node) ?? -1;
    const bound = frame.bindings.get(id);
    const assigned = assignmentsOf(frame.program, frame.callable).get(id);
    if (bound) return assigned ? undefined : bound;
    const only = assigned?.length === 1 ? assigned[0] : undefined;
    const isParameter = frame.callable.parameters.some((parameter) => parameter.id === id);
    if (!only || isParameter || only.nodeType === 'UnaryOperation' || only.nodeType === 'Assignment')
      return undefined;
    return /^tuple/.test(typeOf(only)) ? undefined : { node: only, frame };
  }
  if (node.nodeType !== 'FunctionCall') return undefined;
  const call = classifyCall(frame.program, node);
  if (call.kind === 'conversion') return call.arguments[0] ? { node: call.arguments[0], frame } : undefined;
  if (call.kind !== 'internal') return undefined;
  const target = dispatch(frame, call);
  if (isTooDeep(frame, target)) return undefined;
  const value = onlyAnswer(frame.program, target);
  return value ? { node: value, frame: childFrame(frame, node, target, call.arguments) } : undefined;
}

/** @returns the one expression that a function may answer with, whatever it checks and names before; undefined for several */
export function onlyAnswer(program: Program, callable: Callable): AstNode | undefined {
  const { body, returns } = callable;
  if (!body || returns.length !== 1) return undefined;
  let known = answers.get(callable);
  if (known === undefined) {
    known = findAnswer(program, callable, body) ?? null;
    answers.set(callable, known);
  }
  return known ?? undefined;
}

const answers = new WeakMap<Callable, AstNode | null>();

function findAnswer(program: Program, callable: Callable, body: AstNode): AstNode | undefined {
  const statements = childrenOf(body, 'statements');
  const returning = descendants(body, 'Return', 'InlineAssembly');
  const last = statements.at(-1);
  if (last?.nodeType === 'Return' && returning.every((node) => node === last || node.nodeType !== 'Return'))
    return childOf(last, 'expression');
  const assigned = assignmentsOf(program, callable).get(callable.returns[0]?.id ?? -1);
  const only = assigned?.length === 1 ? assigned[0] : undefined;
  // `returns (address who) { assembly { who := caller() } }`
  const isMachine = returning.some((node) => magicAssignments(node).some(({ value }) => value === only));
  if (only && isMachine && returning.length === 1) return only;
  if (returning.length > 0) return undefined;
  // `returns (Lot storage lot) { lot = lots[id]; require(lot.open); }`
  const isPlain = statements.some(
    (statement) =>
      statement.nodeType === 'ExpressionStatement' &&
      only !== undefined &&
      childOf(childOf(statement, 'expression') ?? statement, 'rightHandSide') === only,
  );
  return isPlain ? only : undefined;
}

function collectAssignments(program: Program, callable: Callable): Map<number, AstNode[]> {
  const found = new Map<number, AstNode[]>();
  const add = (id: number | undefined, value: AstNode | undefined) => {
    if (id === undefined || !value || program.stateVariable(id)) return;
    const list = found.get(id);
    if (list) list.push(value);
    else found.set(id, [value]);
  };
  for (const node of callable.body ? descendants(callable.body, ...assigning) : []) {
    if (node.nodeType === 'InlineAssembly') {
      for (const { variable, value } of magicAssignments(node)) add(variable, value);
      continue;
    }
    if (node.nodeType === 'VariableDeclarationStatement') {
      const value = childOf(node, 'initialValue');
      const declared = slotsOf(node, 'declarations');
      declared.forEach((variable, index) => {
        add(variable?.id, component(value, index, declared.length));
      });
    } else if (node.nodeType === 'Assignment') {
      const left = unwrap(childOf(node, 'leftHandSide') ?? node);
      const right = node['operator'] === '=' ? childOf(node, 'rightHandSide') : node;
      if (left.nodeType === 'Identifier') add(referenceOf(left), right);
      if (left.nodeType !== 'TupleExpression') continue;
      const parts = slotsOf(left, 'components');
      parts.forEach((part, index) => {
        if (part?.nodeType === 'Identifier') add(referenceOf(part), component(right, index, parts.length));
      });
    } else if (['++', '--'].includes(textOf(node, 'operator'))) {
      const operand = childOf(node, 'subExpression');
      if (operand?.nodeType === 'Identifier') add(referenceOf(operand), node);
    }
  }
  return found;
}

const assigning = ['VariableDeclarationStatement', 'Assignment', 'UnaryOperation', 'InlineAssembly'];

function component(value: AstNode | undefined, index: number, count: number): AstNode | undefined {
  const at = value && unwrap(value);
  const parts = at?.nodeType === 'TupleExpression' ? slotsOf(at, 'components') : [];
  return count > 1 && parts.length === count ? parts[index] : at;
}
