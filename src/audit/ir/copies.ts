import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, referenceOf, textOf } from './ast.ts';
import { type Frame, type Ref, resolve } from './frames.ts';
import { type Slot, slotOf } from './storage.ts';

/** @returns the place in storage that a value was read from, also by way of a copy: `Lock memory l = locks[id]; l.end` */
export function originOf({ node, frame }: Ref): Slot | undefined {
  const at = resolve(node, frame);
  const direct = slotOf(at.node, at.frame);
  if (direct || at.node.nodeType !== 'MemberAccess') return direct;
  const owner = childOf(at.node, 'expression');
  const base = owner && originOf({ node: owner, frame: at.frame });
  const member = textOf(at.node, 'memberName');
  return base && { ...base, key: `${base.key}.${member}`, exact: `${base.exact}.${member}` };
}

/** @returns the fields of a record that is made in one go: `Lot(msg.sender, price)`, `Lot({price: price, …})` */
export function fieldsOf(value: AstNode | undefined, frame: Frame): { name: string; value: AstNode }[] {
  if (value?.nodeType !== 'FunctionCall' || textOf(value, 'kind') !== 'structConstructorCall') return [];
  const callee = childOf(value, 'expression');
  const struct = callee && frame.program.node(referenceOf(callee) ?? -1);
  const members = struct ? childrenOf(struct, 'members').map((member) => textOf(member, 'name')) : [];
  const names = Array.isArray(value['names']) ? (value['names'] as string[]) : [];
  return childrenOf(value, 'arguments').flatMap((given, index) => {
    const name = names[index] ?? members[index];
    return name ? [{ name, value: given }] : [];
  });
}
