import type { AstNode } from '../../solidity/types.ts';
import { childOf, textOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { type Frame, resolve } from './frames.ts';
import { type Slot, slotOf } from './storage.ts';
import type { WriteVisit } from './visits.ts';

/** What is added to a place in storage, or taken off it. */
export interface Change {
  sign: '+' | '-';
  by: AstNode;
}

/**
 * @returns by what a write changes what was there: `a += x`, `a = a - x`, `a = a.sub(x)`, also where the old value has a name
 *   of its own; undefined where it is set anew, and for `a++`
 */
export function changeOf({ node, value, slot, frame }: WriteVisit): Change | undefined {
  const operator = /^([-+])=$/.exec(textOf(node, 'operator'))?.[1];
  if (operator) {
    const by = childOf(node, 'rightHandSide');
    return by && { sign: operator as Change['sign'], by };
  }
  const sum = value && sumOf(value, frame);
  if (!sum) return undefined;
  if (isPlace(sum.left, sum.frame, slot)) return { sign: sum.sign, by: sum.right };
  return sum.sign === '+' && isPlace(sum.right, sum.frame, slot) ? { sign: '+', by: sum.left } : undefined;
}

interface Sum {
  sign: Change['sign'];
  left: AstNode;
  right: AstNode;
  frame: Frame;
}

function sumOf(value: AstNode, within: Frame): Sum | undefined {
  const { node, frame } = libraryCall(value, within)
    ? { node: value, frame: within }
    : resolve(value, within);
  const operator = textOf(node, 'operator');
  if (node.nodeType === 'BinaryOperation' && /^[-+]$/.test(operator)) {
    const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
    return left && right && { sign: operator as Change['sign'], left, right, frame };
  }
  const call = libraryCall(node, frame);
  const [left, right] = call?.given ?? [];
  return call && left && right ? { sign: call.sign, left, right, frame } : undefined;
}

/** `a.add(b)`, `SafeMath.sub(a, b)` */
function libraryCall(node: AstNode, frame: Frame): { sign: Change['sign']; given: AstNode[] } | undefined {
  if (node.nodeType !== 'FunctionCall') return undefined;
  const call = classifyCall(frame.program, node);
  const name = call.kind === 'internal' ? /^_?(?:safe)?(add|sub)$/i.exec(call.target.name)?.[1] : undefined;
  if (!name || call.arguments.length < 2) return undefined;
  return { sign: /add/i.test(name) ? '+' : '-', given: call.arguments };
}

function isPlace(node: AstNode, frame: Frame, slot: Slot): boolean {
  const at = resolve(node, frame);
  return slotOf(at.node, at.frame)?.exact === slot.exact;
}
