import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf } from './ast.ts';
import type { Frame } from './frames.ts';
import type { Program } from './program.ts';

/**
 * What a write puts where: the value itself, or each field of a new record.
 *
 * @param place key of the place that is written (`Slot.key`)
 */
export function storedParts(value: AstNode, frame: Frame, place: string): { node: AstNode; place: string }[] {
  if (value.nodeType !== 'FunctionCall' || textOf(value, 'kind') !== 'structConstructorCall')
    return [{ node: value, place }];
  const names = fieldsOf(frame.program, value);
  const given = Array.isArray(value['names']) ? (value['names'] as string[]) : [];
  return childrenOf(value, 'arguments').flatMap((node, index) => {
    const name = given[index] ?? names[index];
    return name ? [{ node, place: `${place}.${name}` }] : [];
  });
}

function fieldsOf(program: Program, call: AstNode): string[] {
  const struct = program.node(referenceOf(childOf(call, 'expression') ?? call) ?? -1);
  return struct ? childrenOf(struct, 'members').map((member) => textOf(member, 'name')) : [];
}
