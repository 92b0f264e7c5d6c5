import type { AstNode } from '../../solidity/types.ts';
import { childOf, referenceOf, textOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { constantOf } from './constants.ts';
import { type Frame, isMagic, type Ref, resolve } from './frames.ts';
import type { Program } from './program.ts';

/** A sum as far as time goes: `start + 20 - block.timestamp` is −1 times now, 20 seconds, and `start`. */
export interface Moment {
  /** How often the block's time stands in it: −1, 0 or 1 but for nonsense. */
  now: number;
  /** Literals and constants added up. */
  seconds: bigint;
  /** What else is added or taken away. */
  rest: Ref[];
}

/** Reads a sum or difference, by way of locals, parameters, `add` and `sub` of a library. */
export function momentOf(node: AstNode, frame: Frame): Moment {
  const moment: Moment = { now: 0, seconds: 0n, rest: [] };
  add(moment, { node, frame }, 1, 0);
  return moment;
}

/** @returns left − right of a comparison as one sum */
export function differenceOf(left: AstNode, right: AstNode, frame: Frame): Moment {
  const moment = momentOf(left, frame);
  add(moment, { node: right, frame }, -1, 0);
  return moment;
}

/** @returns true for `block.timestamp` and `now` */
export function isNow(program: Program, node: AstNode): boolean {
  if (isMagic(node, 'block', 'timestamp')) return true;
  if (node.nodeType !== 'Identifier' || textOf(node, 'name') !== 'now') return false;
  return program.node(referenceOf(node) ?? -1) === undefined;
}

function add(moment: Moment, part: Ref, sign: 1 | -1, depth: number): void {
  const { node, frame } = resolve(part.node, part.frame);
  if (isNow(frame.program, node)) {
    moment.now += sign;
    return;
  }
  const value = constantOf(frame.program, node);
  if (value !== undefined) {
    moment.seconds += BigInt(sign) * value;
    return;
  }
  const sides = depth < 12 ? sumOf(node, frame) : undefined;
  if (!sides) {
    moment.rest.push({ node, frame });
    return;
  }
  add(moment, { node: sides.left, frame }, sign, depth + 1);
  add(moment, { node: sides.right, frame }, sides.minus ? (-sign as 1 | -1) : sign, depth + 1);
}

function sumOf(node: AstNode, frame: Frame): { left: AstNode; right: AstNode; minus: boolean } | undefined {
  if (node.nodeType === 'BinaryOperation') {
    const operator = textOf(node, 'operator');
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return left && right && (operator === '+' || operator === '-')
      ? { left, right, minus: operator === '-' }
      : undefined;
  }
  if (node.nodeType !== 'FunctionCall') return undefined;
  const call = classifyCall(frame.program, node);
  if (call.kind !== 'internal' || !/^_?(safe)?(add|sub)$/i.test(call.target.name)) return undefined;
  const [left, right] = call.arguments;
  return left && right ? { left, right, minus: /sub$/i.test(call.target.name) } : undefined;
}
