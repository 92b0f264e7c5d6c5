import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, slotsOf, textOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import { assignmentsOf, childFrame, dispatch, type Frame, isTooDeep, type Ref, returnsOf } from './frames.ts';

/** A value that is made of more parts than this tells nothing that a detector could say in one sentence. */
const partsMax = 400;

/**
 * Every expression that a value is made of, itself first: operations, reads, literals and calls, by way of locals (all
 * that is assigned to them), bound parameters, constants and the returned values of internal functions. Keys of
 * mappings, arguments of external calls and conditions that merely choose are left out.
 */
export function sourcesOf(node: AstNode | undefined, frame: Frame): readonly Ref[] {
  if (!node) return [];
  let known = memo.get(frame);
  if (!known) {
    known = new Map();
    memo.set(frame, known);
  }
  let parts = known.get(node);
  if (!parts) {
    parts = collect(node, frame);
    known.set(node, parts);
  }
  return parts;
}

const memo = new WeakMap<Frame, Map<AstNode, readonly Ref[]>>();

function collect(node: AstNode, frame: Frame): Ref[] {
  const found: Ref[] = [];
  const seen = new Map<Frame, Set<AstNode>>();
  const follow = (given: AstNode | undefined, at: Frame): void => {
    if (!given || found.length >= partsMax) return;
    const part = unwrap(given);
    const known = seen.get(at) ?? new Set();
    seen.set(at, known);
    if (known.has(part)) return;
    known.add(part);
    found.push({ node: part, frame: at });
    for (const next of partsOf(part, at)) follow(next.node, next.frame);
  };
  follow(node, frame);
  return found;
}

/** @returns true when a value is made of something that a detector looks for */
export function isMadeOf(node: AstNode | undefined, frame: Frame, is: (part: Ref) => boolean): boolean {
  return sourcesOf(node, frame).some(is);
}

/** @returns the state variables that a value is read from, by id */
export function variablesOf(node: AstNode | undefined, frame: Frame): Set<number> {
  const found = new Set<number>();
  for (const part of sourcesOf(node, frame)) {
    const id = part.node.nodeType === 'Identifier' ? referenceOf(part.node) : undefined;
    if (id !== undefined && frame.program.stateVariable(id)) found.add(id);
  }
  return found;
}

function partsOf(node: AstNode, frame: Frame): Ref[] {
  const own = (nodes: (AstNode | undefined)[]): Ref[] =>
    nodes.flatMap((each) => (each ? [{ node: each, frame }] : []));
  switch (node.nodeType) {
    case 'Identifier':
      return identifier(node, frame);
    case 'MemberAccess':
      return own([childOf(node, 'expression')]);
    case 'IndexAccess':
    case 'IndexRangeAccess':
      return own([childOf(node, 'baseExpression')]);
    case 'BinaryOperation':
      return own([childOf(node, 'leftExpression'), childOf(node, 'rightExpression')]);
    case 'Assignment':
      return node['operator'] === '='
        ? own([childOf(node, 'rightHandSide')])
        : own([childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide')]);
    case 'UnaryOperation':
      return own([childOf(node, 'subExpression')]);
    case 'Conditional':
      return own([childOf(node, 'trueExpression'), childOf(node, 'falseExpression')]);
    case 'TupleExpression':
      return own(slotsOf(node, 'components'));
    case 'FunctionCall':
      return callParts(node, frame);
    default:
      return [];
  }
}

function identifier(node: AstNode, frame: Frame): Ref[] {
  const id = referenceOf(node) ?? -1;
  const variable = frame.program.stateVariable(id);
  if (variable) {
    const value = variable['constant'] === true ? childOf(variable, 'value') : undefined;
    return value ? [{ node: value, frame }] : [];
  }
  const bound = frame.bindings.get(id);
  const assigned = assignmentsOf(frame.program, frame.callable).get(id) ?? [];
  return [...(bound ? [bound] : []), ...assigned.map((value) => ({ node: value, frame }))];
}

function callParts(node: AstNode, frame: Frame): Ref[] {
  const call = classifyCall(frame.program, node);
  const given = () => childrenOf(node, 'arguments').map((each) => ({ node: each, frame }));
  if (call.kind === 'external' || call.kind === 'low-level' || call.kind === 'create') return [];
  if (call.kind !== 'internal') return given();
  const target = dispatch(frame, call);
  // What a function without a readable body returns is made of what it is given.
  const returned = target.body && !isTooDeep(frame, target) ? returnsOf(frame.program, target) : [];
  if (returned.length === 0) return given();
  const child = childFrame(frame, node, target, call.arguments);
  return returned.map((value) => ({ node: value, frame: child }));
}

/** @returns the name that an expression ends in: `order.price` → price, `prices[token]` → prices, `rate()` → rate */
export function nameOf(node: AstNode): string {
  const at = unwrap(node);
  if (at.nodeType === 'IndexAccess') {
    const base = childOf(at, 'baseExpression');
    return base ? nameOf(base) : '';
  }
  if (at.nodeType === 'FunctionCall') {
    const callee = childOf(at, 'expression');
    const [first] = childrenOf(at, 'arguments');
    if (textOf(at, 'kind') === 'typeConversion' && first) return nameOf(first);
    return callee ? nameOf(callee) : '';
  }
  return textOf(at, 'memberName') || textOf(at, 'name');
}
