import type { AstNode } from '../../solidity/types.ts';
import { childOf, referenceOf, slotsOf, textOf, typeIdOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import {
  assignmentsOf,
  childFrame,
  dispatch,
  type Frame,
  isFixedVariable,
  isTooDeep,
  returnsOf,
} from './frames.ts';

/** Where a value may come from, as bits. */
export const from = {
  /** An entry point's parameter or the calldata: the caller chooses it. */
  parameter: 1,
  sender: 2,
  /** `msg.value` */
  value: 4,
  origin: 8,
  /** `block.timestamp`, `now` */
  time: 16,
  /** Other block fields, `blockhash` included: known or steerable within the block. */
  block: 32,
  storage: 64,
  /** Read from a mapping or array under a key that the caller chooses. */
  keyed: 128,
  /** What another contract answered. */
  external: 256,
  /** An account's balance. */
  balance: 512,
  hash: 1024,
  /** The address of a contract created here. */
  created: 2048,
} as const;

/** The sources of a value: bits of `from` and the state variables read. */
export interface Taint {
  bits: number;
  variables: ReadonlySet<number>;
}

/** Bits that a stranger who sends the transaction decides. */
export const chosenByCaller = from.parameter | from.sender | from.value | from.origin;

const none: Taint = { bits: 0, variables: new Set() };
const memo = new WeakMap<Frame, Map<AstNode, Taint>>();

/**
 * Says where an expression's value may come from: through locals (all their assignments), bound parameters and
 * returned values. Conditions that merely decide between values do not count.
 */
export function taintOf(node: AstNode | undefined, frame: Frame): Taint {
  if (!node) return none;
  let known = memo.get(frame);
  if (!known) {
    known = new Map();
    memo.set(frame, known);
  }
  const found = known.get(node);
  if (found) return found;
  known.set(node, none); // Ends cycles such as `x = x + 1`.
  const taint = compute(node, frame);
  known.set(node, taint);
  return taint;
}

/** @returns true when the value may come from any of these sources. */
export function hasBits(taint: Taint, bits: number): boolean {
  return (taint.bits & bits) !== 0;
}

function compute(node: AstNode, frame: Frame): Taint {
  switch (node.nodeType) {
    case 'Identifier':
      return identifier(node, frame);
    case 'MemberAccess':
      return member(node, frame);
    case 'IndexAccess': {
      const key = taintOf(childOf(node, 'indexExpression'), frame);
      const base = taintOf(childOf(node, 'baseExpression'), frame);
      return hasBits(key, chosenByCaller) ? { ...base, bits: base.bits | from.keyed } : base;
    }
    case 'FunctionCall':
      return callResult(node, frame);
    case 'BinaryOperation':
      return both(frame, childOf(node, 'leftExpression'), childOf(node, 'rightExpression'));
    case 'Assignment':
      return node['operator'] === '='
        ? taintOf(childOf(node, 'rightHandSide'), frame)
        : both(frame, childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide'));
    case 'UnaryOperation':
      return taintOf(childOf(node, 'subExpression'), frame);
    case 'Conditional':
      return both(frame, childOf(node, 'trueExpression'), childOf(node, 'falseExpression'));
    case 'TupleExpression':
      return both(frame, ...slotsOf(node, 'components'));
    case 'IndexRangeAccess':
      return taintOf(childOf(node, 'baseExpression'), frame);
    default:
      return none;
  }
}

function identifier(node: AstNode, frame: Frame): Taint {
  const id = referenceOf(node) ?? -1;
  const variable = frame.program.stateVariable(id);
  if (variable) return isFixedVariable(variable) ? none : { bits: from.storage, variables: new Set([id]) };
  if (textOf(node, 'name') === 'now' && !frame.program.callable(id) && frame.program.node(id) === undefined) {
    return bits(from.time);
  }
  return variableTaint(id, frame);
}

/** @returns where a parameter's or local variable's value may come from, for places that know only its declaration. */
export function variableTaint(id: number, frame: Frame): Taint {
  const assigned = assignmentsOf(frame.program, frame.callable).get(id) ?? [];
  const local = both(frame, ...assigned);
  const bound = frame.bindings.get(id);
  if (bound) return union(local, taintOf(bound.node, bound.frame));
  return frame.callable.parameters.some((parameter) => parameter.id === id)
    ? union(local, bits(from.parameter))
    : local;
}

function member(node: AstNode, frame: Frame): Taint {
  const owner = childOf(node, 'expression');
  const name = textOf(node, 'memberName');
  const type = typeIdOf(owner);
  if (/^t_magic_message/.test(type)) {
    if (name === 'sender') return bits(from.sender);
    if (name === 'value') return bits(from.value);
    return name === 'data' ? bits(from.parameter) : none;
  }
  if (/^t_magic_transaction/.test(type)) return name === 'origin' ? bits(from.origin) : none;
  if (/^t_magic_block/.test(type)) {
    if (name === 'chainid' || name === 'basefee' || name === 'blobbasefee') return none;
    return bits(name === 'timestamp' ? from.time : from.block);
  }
  const inner = taintOf(owner, frame);
  return name === 'balance' && /^t_(address|contract)/.test(type) ? bits(from.balance) : inner;
}

function callResult(node: AstNode, frame: Frame): Taint {
  const call = classifyCall(frame.program, node);
  const given = () => both(frame, ...call.arguments);
  if (call.kind === 'conversion') return given();
  if (call.kind === 'external' || call.kind === 'low-level') {
    const address = taintOf(call.address, frame);
    return {
      bits: from.external | (given().bits & (from.sender | from.parameter) ? from.keyed : 0),
      variables: address.variables,
    };
  }
  if (call.kind === 'create') return bits(from.created);
  if (call.kind === 'internal') {
    const target = dispatch(frame, call);
    if (!target.body || isTooDeep(frame, target)) return given();
    const child = childFrame(frame, node, target, call.arguments);
    return both(child, ...returnsOf(frame.program, target));
  }
  const callee = unwrap(call.callee);
  const type = typeIdOf(callee);
  if (/^t_function_blockhash/.test(type)) return bits(from.block);
  if (/^t_function_(keccak256|sha3|sha256|ripemd160)/.test(type)) return union(given(), bits(from.hash));
  // What is left are built-ins such as `abi.encode`, `addmod`, `ecrecover`, and calls through function pointers.
  return given();
}

function both(frame: Frame, ...nodes: (AstNode | undefined)[]): Taint {
  let result = none;
  for (const node of nodes) if (node) result = union(result, taintOf(node, frame));
  return result;
}

function union(a: Taint, b: Taint): Taint {
  if (a === none || (a.bits === 0 && a.variables.size === 0)) return b;
  if (b === none) return a;
  const variables = b.variables.size === 0 ? a.variables : new Set([...a.variables, ...b.variables]);
  return { bits: a.bits | b.bits, variables };
}

function bits(value: number): Taint {
  return { bits: value, variables: none.variables };
}
