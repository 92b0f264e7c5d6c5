import type { AstNode } from '../../solidity/types.ts';
import { childOf, textOf, typeOf, unwrap } from './ast.ts';
import { classifyCall } from './calls.ts';
import type { Frame, Ref } from './frames.ts';
import { rangeOfType } from './integers.ts';
import { isInside } from './own.ts';
import { keyOf } from './storage.ts';

/** One value is not above another one: what a comparison says when it came out as assumed. */
export interface Relation {
  small: Ref;
  large: Ref;
  /** What it is not above on another way here, where ways met. */
  or?: Ref;
  smallKey: string;
  largeKey: string;
  /** It is below it. */
  strict: boolean;
}

/** Relations by what they compare. */
export type Relations = ReadonlyMap<string, Relation>;

export const noRelations: Relations = new Map();

/** @returns the relation `small <= large`, or `small < large`. */
export function relate(small: AstNode, large: AstNode, frame: Frame, strict: boolean): Relation {
  return {
    small: { node: small, frame },
    large: { node: large, frame },
    smallKey: valueKey(small, frame),
    largeKey: valueKey(large, frame),
    strict,
  };
}

/** @returns `keyOf`, with a conversion that cuts off digits kept in it: what is left of a number is another number. */
export function valueKey(node: AstNode, frame: Frame): string {
  const at = unwrap(node);
  const call = at.nodeType === 'FunctionCall' ? classifyCall(frame.program, at) : undefined;
  const inner = call?.kind === 'conversion' ? call.arguments[0] : undefined;
  if (!inner) return keyOf(node, frame);
  const [type, whole] = [rangeOfType(typeOf(at)), rangeOfType(typeOf(inner))];
  const isWhole = !type || !whole || (type.min <= whole.min && type.max >= whole.max);
  return isWhole ? valueKey(inner, frame) : `${typeOf(at)}(${valueKey(inner, frame)})`;
}

/** @returns the relations with some more; of two that compare the same, the stricter one stays. */
export function withRelations(known: Relations, more: readonly Relation[]): Relations {
  if (more.length === 0) return known;
  const all = new Map(known);
  for (const relation of more) {
    const name = nameOf(relation.smallKey, relation.largeKey);
    if (!all.get(name)?.strict) all.set(name, relation);
  }
  return all;
}

/** @returns what holds on both of two ways: that a value is limited, too, by one thing here and another one there. */
export function commonRelations(a: Relations, b: Relations): Relations {
  if (a === b) return a;
  const both = new Map<string, Relation>();
  for (const [name, relation] of a) {
    const other = b.get(name);
    if (other) both.set(name, relation.strict ? other : relation);
  }
  const limited = new Set([...both.values()].map(({ smallKey }) => smallKey));
  for (const [name, relation] of a) {
    if (limited.has(relation.smallKey) || relation.or || b.has(name)) continue;
    const other = [...b.values()].find(({ smallKey, or }) => smallKey === relation.smallKey && !or);
    if (!other) continue;
    limited.add(relation.smallKey);
    const largeKey = `${relation.largeKey}|${other.largeKey}`;
    const either = { ...relation, largeKey, or: other.large, strict: relation.strict && other.strict };
    both.set(nameOf(relation.smallKey, largeKey), either);
  }
  return both;
}

/** @returns true when one value is known not to be above the other. */
export function isAtMost(relations: Relations, smallKey: string, largeKey: string): boolean {
  return relations.has(nameOf(smallKey, largeKey));
}

/** @returns the relations that still hold, and those that hold now, after an assignment to a place. */
export function afterWrite(relations: Relations, node: AstNode, place: AstNode, frame: Frame): Relations {
  const key = keyOf(place, frame);
  const change = changeOf(node, key, frame);
  // What a comparison said of the place before is said of its old value from now on.
  const remaining = new Map<string, Relation>();
  for (const relation of relations.values()) {
    const { smallKey, largeKey } = relation;
    const holds =
      (change.kind === 'shrinks' && smallKey === key && !mentions(largeKey, key)) ||
      (change.kind === 'grows' && largeKey === key && !mentions(smallKey, key));
    const now = holds
      ? relation
      : {
          ...relation,
          smallKey: inThePast(smallKey, key, node.id),
          largeKey: inThePast(largeKey, key, node.id),
        };
    remaining.set(nameOf(now.smallKey, now.largeKey), now);
  }
  const { value } = change;
  if (change.kind === 'shrinks' && value && isChecked(node, frame)) {
    const before = relate(value, place, frame, false);
    const largeKey = inThePast(before.largeKey, key, node.id);
    return withRelations(remaining, [{ ...before, largeKey }]);
  }
  if (change.kind === 'shrinks' || !value || mentions(keyOf(value, frame), key)) return remaining;
  const below = relate(value, place, frame, false);
  return withRelations(
    remaining,
    change.kind === 'grows' ? [below] : [below, relate(place, value, frame, false)],
  );
}

/** @returns true for an operation that reverts where its result does not fit: since 0.8, outside of `unchecked`. */
export function isChecked(node: AstNode, { program }: Frame): boolean {
  return program.minor >= 8 && !isInside(program, node, /^UncheckedBlock$/);
}

// What an assignment does to its place: `x += v` and `x = x + v` let it grow, and it is at least v afterwards.
function changeOf(
  node: AstNode,
  key: string,
  frame: Frame,
): { kind: 'grows' | 'shrinks' | 'set'; value?: AstNode | undefined } {
  const operator = textOf(node, 'operator');
  if (operator === '++') return { kind: 'grows' };
  if (operator === '--') return { kind: 'shrinks' };
  const right = childOf(node, 'rightHandSide');
  if (operator === '+=') return { kind: 'grows', value: right };
  if (operator === '-=') return { kind: 'shrinks', value: right };
  if (node.nodeType !== 'Assignment' || operator !== '=' || !right) return { kind: 'set' };
  const value = unwrap(right);
  const [left, other] = [childOf(value, 'leftExpression'), childOf(value, 'rightExpression')];
  const sum = textOf(value, 'operator');
  if (value.nodeType === 'BinaryOperation' && left && other && keyOf(left, frame) === key) {
    if (sum === '+') return { kind: 'grows', value: other };
    if (sum === '-') return { kind: 'shrinks', value: other };
  }
  const isTuple = unwrap(childOf(node, 'leftHandSide') ?? node).nodeType === 'TupleExpression';
  return isTuple ? { kind: 'set' } : { kind: 'set', value: right };
}

// `total#7` stands in `total#7+1`, but not in `total#71`, nor in the old value `total#7@93`.
function mentions(text: string, key: string): boolean {
  return inThePast(text, key, 0) !== text;
}

function inThePast(text: string, key: string, write: number): string {
  const [first = '', ...parts] = text.split(key);
  return parts.reduce((done, part) => `${done}${key}${/^[\d@]/.test(part) ? '' : `@${write}`}${part}`, first);
}

function nameOf(smallKey: string, largeKey: string): string {
  return `${smallKey}<=${largeKey}`;
}
