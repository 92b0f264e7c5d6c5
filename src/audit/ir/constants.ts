import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf, unwrap } from './ast.ts';
import { operate } from './integers.ts';
import type { Program } from './program.ts';
import { literalValue } from './storage.ts';

/** @returns the number that an expression of literals and constants stands for, or undefined for any other one */
export function constantOf(program: Program, node: AstNode | undefined, depth = 0): bigint | undefined {
  if (!node || depth > 20) return undefined;
  const at = unwrap(node);
  const literal = literalValue(at);
  if (literal !== undefined) return literal;
  if (at.nodeType === 'Identifier') {
    const variable = program.stateVariable(referenceOf(at) ?? -1) ?? fileConstant(program, at);
    if (variable?.['constant'] !== true) return undefined;
    return constantOf(program, childOf(variable, 'value'), depth + 1);
  }
  if (at.nodeType === 'FunctionCall' && textOf(at, 'kind') === 'typeConversion')
    return constantOf(program, childrenOf(at, 'arguments')[0], depth + 1);
  if (at.nodeType !== 'BinaryOperation') return undefined;
  const left = constantOf(program, childOf(at, 'leftExpression'), depth + 1);
  const right = constantOf(program, childOf(at, 'rightExpression'), depth + 1);
  return left === undefined || right === undefined ? undefined : operate(textOf(at, 'operator'), left, right);
}

function fileConstant(program: Program, node: AstNode): AstNode | undefined {
  const declared = program.node(referenceOf(node) ?? -1);
  return declared?.nodeType === 'VariableDeclaration' ? declared : undefined;
}
