import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, textOf } from './ast.ts';

/** @returns the name of the built-in or function that a Yul call names; the empty string for anything else */
export function yulName(node: AstNode | undefined): string {
  return textOf(node && childOf(node, 'functionName'), 'name');
}

/** @returns the number that a Yul literal stands for */
export function yulNumber(node: AstNode | undefined): bigint | undefined {
  const text = node?.nodeType === 'YulLiteral' ? textOf(node, 'value') : '';
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : undefined;
}

/** @returns true when every way through a Yul block ends the call: return, revert and the like */
export function endsCall(block: AstNode | undefined): boolean {
  const last = block && childrenOf(block, 'statements').at(-1);
  if (!last) return false;
  if (last.nodeType === 'YulExpressionStatement')
    return /^(return|revert|stop|invalid|selfdestruct)$/.test(yulName(childOf(last, 'expression')));
  if (last.nodeType === 'YulBlock') return endsCall(last);
  if (last.nodeType !== 'YulSwitch') return false;
  const cases = childrenOf(last, 'cases');
  return (
    cases.some((one) => one['value'] === 'default') && cases.every((one) => endsCall(childOf(one, 'body')))
  );
}
