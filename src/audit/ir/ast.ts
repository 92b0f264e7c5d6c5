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
  const seat = seatOf(node);
  if (!seat) {
    step(node, undefined, visit);
    return;
  }
  const { nodes, parents, ends } = seat.tree;
  const end = ends[seat.at] as number;
  for (let at = seat.at; at < end; ) {
    const parent = at === seat.at ? undefined : parents[at];
    at = visit(nodes[at] as AstNode, parent) === false ? (ends[at] as number) : at + 1;
  }
}

/** @returns every node below `root` (itself included) of one of the types, parents first */
export function descendants(root: AstNode, ...types: string[]): AstNode[] {
  const seat = seatOf(root);
  const found: AstNode[] = [];
  if (!seat) {
    step(root, undefined, (node) => {
      if (types.includes(node.nodeType)) found.push(node);
    });
    return found;
  }
  const { nodes, ends, byType } = seat.tree;
  const end = ends[seat.at] as number;
  const places: number[] = [];
  for (const type of types) {
    const all = byType.get(type);
    if (!all) continue;
    for (let index = firstFrom(all, seat.at); index < all.length; index++) {
      const at = all[index] as number;
      if (at >= end) break;
      places.push(at);
    }
  }
  if (types.length > 1) places.sort((a, b) => a - b);
  for (const at of places) found.push(nodes[at] as AstNode);
  return found;
}

/**
 * Numbers the nodes of a file's tree, so that what is below any of them is found without a walk. Whoever changes the tree has to
 * do it again.
 */
export function indexTree(root: AstNode): void {
  const tree: Tree = { nodes: [], parents: [], ends: [], byType: new Map() };
  const above: number[] = [];
  // No recursion: trees nest as deeply as their sources.
  const open: { node: AstNode; parent: number }[] = [{ node: root, parent: -1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, parent } = next;
    const at = tree.nodes.length;
    tree.nodes.push(node);
    tree.parents.push(tree.nodes[parent]);
    tree.ends.push(at + 1);
    above.push(parent);
    const ofType = tree.byType.get(node.nodeType);
    if (ofType) ofType.push(at);
    else tree.byType.set(node.nodeType, [at]);
    (node as Seated)[seatKey] = { tree, at };
    const below = childNodes(node);
    for (let index = below.length - 1; index >= 0; index--)
      open.push({ node: below[index] as AstNode, parent: at });
  }
  for (let at = above.length - 1; at > 0; at--) {
    const parent = above[at] as number;
    tree.ends[parent] = Math.max(tree.ends[parent] as number, tree.ends[at] as number);
  }
}

/** @returns the types of all nodes of an indexed tree, with the first of each and how many there are */
export function nodeTypesOf(root: AstNode): { type: string; first: AstNode; count: number }[] {
  const tree = seatOf(root)?.tree;
  if (!tree) return [];
  return [...tree.byType].map(([type, places]) => ({
    ...{ type, count: places.length },
    first: tree.nodes[places[0] as number] as AstNode,
  }));
}

/** A file's nodes in the order of a walk; below the node at `at` stand those up to `ends[at]`. */
interface Tree {
  nodes: AstNode[];
  parents: (AstNode | undefined)[];
  ends: number[];
  byType: Map<string, number[]>;
}

interface Seat {
  tree: Tree;
  at: number;
}

// Kept on the node itself: hundreds of thousands of entries make a WeakMap dear.
const seatKey = Symbol('seat');
type Seated = AstNode & { [seatKey]?: Seat };

/** A copy of a node has the seat of the original, which is not its own. */
function seatOf(node: AstNode): Seat | undefined {
  const seat = (node as Seated)[seatKey];
  return seat && seat.tree.nodes[seat.at] === node ? seat : undefined;
}

/** The index of the first of the sorted numbers that is not below the least. */
function firstFrom(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childNodes(node: AstNode): AstNode[] {
  const found: AstNode[] = [];
  for (const field in node) {
    const value = node[field];
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
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
  for (const child of childNodes(node)) step(child, node, visit);
}

function typeField(node: AstNode | undefined, field: string): string {
  const types = node?.['typeDescriptions'] as Record<string, unknown> | undefined;
  const value = types?.[field];
  return typeof value === 'string' ? value : '';
}
