import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf, textOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { childFrame, dispatch, type Frame, isSender, isTooDeep, type Ref, resolve } from './frames.ts';
import { mentionsSender } from './mentions.ts';
import { bodiesFrom } from './own.ts';
import type { Condition, State } from './state.ts';
import { isZero, keyOf, literalBoolean, slotOf } from './storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from './taint.ts';
import type { Visits } from './visits.ts';

/** A yes-or-no expression without `&&`, `||` and `!`, and how it came out. */
export interface Atom extends Ref {
  truth: boolean;
}
/** At least one of these holds. */
export type Clause = readonly Atom[];

/** Clauses beyond this many are left out: what is known is then less, never wrong. */
const clausesMax = 64;
const memo = new WeakMap<Condition, readonly Clause[]>();

/**
 * @returns what holds on every way to a state as a list of clauses, of each of which at least one atom holds.
 *   `require(a && (b || c))` gives two: `a`, and `b or c`. Locals and functions that only answer are looked into.
 */
export function clausesOf({ conditions }: Pick<State, 'conditions'>): Clause[] {
  return conditions.flatMap((condition) => {
    let clauses = memo.get(condition);
    if (!clauses) {
      clauses = expand(condition, 0).slice(0, clausesMax);
      memo.set(condition, clauses);
    }
    return clauses;
  });
}

function expand({ node: written, frame: within, truth }: Atom, depth: number): Clause[] {
  const { node, frame } = resolve(written, within);
  const operator = textOf(node, 'operator');
  const plain: Clause[] = [[{ node, frame, truth }]];
  if (depth > 12) return plain;
  if (node.nodeType === 'UnaryOperation' && operator === '!') {
    const operand = childOf(node, 'subExpression');
    return operand ? expand({ node: operand, frame, truth: !truth }, depth + 1) : plain;
  }
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !left || !right) return plain;
  if (operator === '&&' || operator === '||') {
    const sides = [left, right].map((side) => expand({ node: side, frame, truth }, depth + 1));
    const [a = [], b = []] = sides;
    if ((operator === '&&') === truth) return [...a, ...b];
    return a.flatMap((first) => b.map((second) => [...first, ...second])).slice(0, clausesMax);
  }
  if (operator !== '==' && operator !== '!=') return plain;
  // `known == true`
  const fixed = literalBoolean(left) ?? literalBoolean(right);
  if (fixed === undefined) return plain;
  const other = literalBoolean(left) === undefined ? left : right;
  return expand({ node: other, frame, truth: ((operator === '==') === truth) === fixed }, depth + 1);
}

/** @returns every atom of a condition that decided something in a run, whether it holds on all ways or on some */
export function atomsOf({ visits }: { visits: Visits }): Atom[] {
  return clausesOf({ conditions: visits.decisions }).flat();
}

/** @returns the atoms of all conditions as they come out where code goes on: `if (a) revert()` gives that a is false */
export function heldAtomsOf({ visits }: { visits: Visits }): Atom[] {
  return clausesOf({ conditions: visits.decisions.filter((each) => !leaves(each)) }).flat();
}

/** The condition came out so that nothing follows: the way is given up, or the next round of a loop begins. */
function leaves({ node, frame, truth }: Condition): boolean {
  const statement = frame.program.parent(node);
  if (statement?.nodeType !== 'IfStatement' || childOf(statement, 'condition') !== node) return false;
  const branch = childOf(statement, truth ? 'trueBody' : 'falseBody');
  const last = /Block$/.test(branch?.nodeType ?? '')
    ? childrenOf(branch ?? node, 'statements').at(-1)
    : branch;
  if (!last) return false;
  if (/^(RevertStatement|Throw|Continue|Break|Return)$/.test(last.nodeType)) return true;
  const call = childOf(last, 'expression');
  return call?.nodeType === 'FunctionCall' && classifyCall(frame.program, call).kind === 'revert';
}

/** @returns true when what holds here hangs on who calls, whichever alternative it was. */
export function asksSender(state: State): boolean {
  return clausesOf(state).some((clause) => clause.some(({ node, frame }) => mentionsSender(node, frame)));
}

/**
 * @returns the two sides of `a == b` where an atom says that they are equal (or, with `equal` false, that they are not);
 *   undefined for any other atom
 */
export function equalSides({ node, frame, truth }: Atom, equal = true): [Ref, Ref] | undefined {
  const operator = textOf(node, 'operator');
  const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
  if (node.nodeType !== 'BinaryOperation' || !left || !right) return undefined;
  if ((operator !== '==' && operator !== '!=') || ((operator === '==') === truth) !== equal) return undefined;
  return [
    { node: left, frame },
    { node: right, frame },
  ];
}

/**
 * @returns true when a condition on every way here looks a value up: as a key (`allowed[target]`), or by handing it to a
 *   function (`registry.isKnown(target)`). Where it is one of several alternatives, all of them have to; what must not
 *   be on a list may still be anything else.
 */
export function isLookedUp(value: AstNode, frame: Frame, state: State): boolean {
  return lookupsOf(value, frame, state).length > 0;
}

/** @returns the lookups of a value in the conditions on every way here */
export function lookupsOf(value: AstNode, frame: Frame, state: State): Ref[] {
  const key = keyOf(value, frame);
  return clausesOf(state)
    .filter((clause) => clause.every((atom) => looksUp(atom, key)))
    .flatMap((clause) => clause.flatMap((atom) => lookups(atom, key)));
}

/** @returns true when an atom looks the value of this key up (`keyOf`) and the answer is no mere denial. */
export function looksUp({ node, frame, truth }: Atom, key: string): boolean {
  return lookups({ node, frame, truth }, key).length > 0;
}

function lookups({ node, frame, truth }: Atom, key: string): Ref[] {
  if (!truth && node.nodeType !== 'BinaryOperation') return [];
  return [node, ...descendants(node, 'IndexAccess', 'FunctionCall', 'MemberAccess')]
    .filter((item) => {
      // `Plan storage plan = plans[target]; require(plan.active);`
      if (item.nodeType === 'MemberAccess')
        return slotOf(item, frame)?.keys.some((each) => keyOf(each.node, each.frame) === key) === true;
      if (item.nodeType !== 'IndexAccess' && item.nodeType !== 'FunctionCall') return false;
      const index = childOf(item, 'indexExpression');
      const given = item.nodeType === 'IndexAccess' ? (index ? [index] : []) : childrenOf(item, 'arguments');
      const isConversion = item['kind'] === 'typeConversion';
      return !isConversion && given.some((each) => keyOf(each, frame) === key) && !isBlind(item, frame);
    })
    .map((item) => ({ node: item, frame }));
}

// A function of ours that reads nothing of ours, such as one that asks for the size of the code, knows nobody.
function isBlind(item: AstNode, frame: Frame): boolean {
  if (item.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, item);
  if (call.kind !== 'internal') return false;
  const target = dispatch(frame, call);
  if (!target.body || isTooDeep(frame, target)) return false;
  return !bodiesFrom(childFrame(frame, item, target, call.arguments)).some(({ body }) =>
    descendants(body, 'Identifier', 'FunctionCall', 'InlineAssembly').some((node) => {
      if (node.nodeType === 'Identifier') return frame.program.stateVariable(referenceOf(node) ?? -1);
      if (node.nodeType === 'InlineAssembly')
        return /sload/.test(JSON.stringify(node['AST'] ?? node['operations'] ?? ''));
      return classifyCall(frame.program, node).kind === 'external';
    }),
  );
}

/**
 * @returns true when a value was looked up on every way here, or compared for equality with something that the caller
 *   does not choose: a stored account, or what a contract answers that is not the value itself
 */
export function isVouchedFor(value: AstNode, frame: Frame, state: State): boolean {
  const key = keyOf(value, frame);
  return clausesOf(state).some((clause) =>
    clause.every((atom) => looksUp(atom, key) || isFixedBy(atom, key)),
  );
}

/** `value == known`, where `known` is neither the caller's to choose nor the value's own word. */
function isFixedBy(atom: Atom, key: string): boolean {
  const sides = equalSides(atom);
  if (!sides) return false;
  const [left, right] = sides.map((side) => keyOf(side.node, side.frame));
  const other = left === key ? sides[1] : right === key ? sides[0] : undefined;
  if (!other || isZero(other.node)) return false;
  const taint = taintOf(other.node, other.frame);
  return taint.variables.size > 0 || !hasBits(taint, chosenByCaller);
}

/**
 * Alternatives in which a value is looked up, and may as well be anything else, as another alternative is met by whatever
 * the caller brings: `allowed[target] || target.code.length > 0`.
 */
export function bypassedLookUp(value: AstNode, frame: Frame, state: State): Atom | undefined {
  const key = keyOf(value, frame);
  const clauses = clausesOf(state);
  if (clauses.some((clause) => clause.every((atom) => looksUp(atom, key)))) return undefined;
  for (const clause of clauses) {
    if (!clause.some((atom) => looksUp(atom, key))) continue;
    const weak = clause.find((atom) => isFree(atom));
    if (weak) return weak;
  }
  return undefined;
}

/** @returns true for an atom about nothing but what the caller chooses and what never changes. */
export function isFree({ node, frame }: Atom): boolean {
  const taint = taintOf(node, frame);
  if (taint.variables.size > 0 || hasBits(taint, ~(chosenByCaller | from.balance))) return false;
  return hasBits(taint, from.parameter) && !mentionsSender(node, frame);
}

/**
 * @returns true when a condition on every way here may hold a value down: it is compared with
 *   anything but zero. That it is another one than before, or not zero, is no limit.
 */
export function isCompared(value: AstNode, frame: Frame, state: State): boolean {
  const key = keyOf(value, frame);
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) => {
      const [left, right] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      if (!left || !right || isZero(left) || isZero(right)) return false;
      const isDifferent = item['operator'] === (condition.truth ? '!=' : '==');
      return !isDifferent && [left, right].some((side) => keyOf(side, condition.frame) === key);
    }),
  );
}

/** @returns true when a condition on every way here compares a value with another one for equality: not with zero, nor with the sender. */
export function isEqualled(value: AstNode, frame: Frame, state: State): boolean {
  const key = keyOf(value, frame);
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) => {
      if (item['operator'] !== '==' && item['operator'] !== '!=') return false;
      const [left, right] = [childOf(item, 'leftExpression'), childOf(item, 'rightExpression')];
      if (!left || !right || isZero(left) || isZero(right)) return false;
      if (isSender(left, condition.frame) || isSender(right, condition.frame)) return false;
      return [left, right].some((side) => keyOf(side, condition.frame) === key);
    }),
  );
}
