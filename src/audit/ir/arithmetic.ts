import type { AstNode } from '../../solidity/types.ts';
import { childOf, textOf, typeOf } from './ast.ts';
import type { Visit } from './visits.ts';

/** An integer operation as `left operator right`, the same for `a - b`, `a -= b` and `a--` (then right is one). */
export interface Operation {
  operator: string;
  left: AstNode;
  right: AstNode | undefined;
}

/** @returns the integer operation of a visit, or undefined for other types and for constant expressions. */
export function arithmeticOf({ node }: Visit): Operation | undefined {
  if (!/^u?int\d+$/.test(typeOf(node))) return undefined;
  if (node.nodeType === 'UnaryOperation') {
    const left = childOf(node, 'subExpression');
    return left && { operator: textOf(node, 'operator').slice(0, 1), left, right: undefined };
  }
  const compound = node.nodeType === 'Assignment';
  const left = childOf(node, compound ? 'leftHandSide' : 'leftExpression');
  const right = childOf(node, compound ? 'rightHandSide' : 'rightExpression');
  const operator = textOf(node, 'operator');
  return left && right && { operator: compound ? operator.slice(0, -1) : operator, left, right };
}
