import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf, typeIdOf } from './ast.ts';
import { type Frame, resolve } from './frames.ts';

/**
 * The type string behind an EIP-712 type hash.
 *
 * @param node a hash of a literal, or a constant or local that is one
 * @returns such as `Vote(uint256 ballot,address voter)`; undefined for anything else
 */
export function typeStringOf(node: AstNode, frame: Frame): string | undefined {
  const at = resolve(node, frame).node;
  const variable =
    at.nodeType === 'Identifier' ? frame.program.stateVariable(referenceOf(at) ?? -1) : undefined;
  const value = variable ? childOf(variable, 'value') : at;
  if (value?.nodeType !== 'FunctionCall') return undefined;
  if (!/^t_function_(keccak256|sha3)/.test(typeIdOf(childOf(value, 'expression')))) return undefined;
  const literals = childrenOf(value, 'arguments').flatMap((given) => descendants(given, 'Literal'));
  const text = literals.map((literal) => textOf(literal, 'value')).join('');
  return /^\w+\(.*\)/.test(text) ? text : undefined;
}

/** @returns how many fields the first type of a type string has */
export function fieldCountOf(typeString: string): number {
  const fields = /^\w+\(([^)]*)\)/.exec(typeString)?.[1] ?? '';
  return fields.trim() === '' ? 0 : fields.split(',').length;
}
