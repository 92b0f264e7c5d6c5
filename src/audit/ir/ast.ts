import type { AstNode } from '../../solidity/types.ts';

/** @returns the child node under `field`, or undefined where there is none (fields differ between compiler versions). */
export function childOf(node: AstNode, field: string): AstNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** @returns the child nodes of a list field; holes (an omitted tuple component) are left out. */
export function childrenOf(node: AstNode, field: string): AstNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** @returns a list field with its holes kept as undefined, for positions that matter. */
export function slotsOf(node: AstNode, field: string): (AstNode | undefined)[] {
  const value = node[field];
  return Array.isArray(value) ? value.map((item) => (isNode(item) ? item : undefined)) : [];
}

/** @returns a text field, or the empty string. */
export function textOf(node: AstNode | undefined, field: string): string {
  const value = node?.[field];
  return typeof value === 'string' ? value : '';
}

/** @returns the id that an identifier or a member access refers to; built-ins are negative or above all others. */
export function referenceOf(node: AstNode): number | undefined {
  const value = node['referencedDeclaration'];
  return typeof value === 'number' ? value : undefined;
}

/** @returns the type as the compiler prints it, such as `mapping(address => uint256)`. */
export function typeOf(node: AstNode | undefined): string {
  return typeField(node, 'typeString');
}

/** @returns the compiler's machine name of the type, such as `t_function_barecall_payable$…`. */
export function typeIdOf(node: AstNode | undefined): string {
  return typeField(node, 'typeIdentifier');
}

/** Calls `visit` on `node` and everything below it, parents first. A visit that returns false skips what is below. */
export function walk(node: AstNode, visit: (node: AstNode, parent: AstNode | undefined) => unknown): void {
  step(node, undefined, visit);
}

/** @returns every node below `root` (itself included) of one of the types. */
export function descendants(root: AstNode, ...types: string[]): AstNode[] {
  const found: AstNode[] = [];
  walk(root, (node) => {
    if (types.includes(node.nodeType)) found.push(node);
  });
  return found;
}

/** @returns the expression without the parentheses around it. */
export function unwrap(node: AstNode): AstNode {
  let current = node;
  while (current.nodeType === 'TupleExpression' && current['isInlineArray'] !== true) {
    const components = slotsOf(current, 'components');
    const only = components[0];
    if (components.length !== 1 || !only) break;
    current = only;
  }
  return current;
}

/** @returns true for a value that is a syntax node (Yul nodes of old compilers have no id). */
export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && typeof (value as AstNode).nodeType === 'string';
}

function step(
  node: AstNode,
  parent: AstNode | undefined,
  visit: (node: AstNode, parent: AstNode | undefined) => unknown,
): void {
  if (visit(node, parent) === false) return;
  for (const field in node) {
    const value = node[field];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) step(item, node, visit);
    } else if (isNode(value)) {
      step(value, node, visit);
    }
  }
}

function typeField(node: AstNode | undefined, field: string): string {
  const types = node?.['typeDescriptions'] as Record<string, unknown> | undefined;
  const value = types?.[field];
  return typeof value === 'string' ? value : '';
}
