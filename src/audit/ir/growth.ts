import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, textOf, typeOf, unwrap } from './ast.ts';
import { constantOf } from './constants.ts';
import type { Frame } from './frames.ts';
import { isGiven, isSenders, readsOf } from './places.ts';
import type { Program } from './program.ts';
import type { Runs } from './runs.ts';
import { sourcesOf } from './sources.ts';
import type { State } from './state.ts';
import { type Slot, slotOf } from './storage.ts';

/** A list or counter that gets longer with every call. */
export interface Growth {
  /** Where it grows. */
  node: AstNode;
  frame: Frame;
  /** `anyone`: without a bound, by anybody. `privileged`: by the owner or a role. */
  by: 'anyone' | 'privileged';
}

/** @returns what grows without a limit, by the key of its place in storage */
export function growthOf(program: Program, runs: Runs): Map<string, Growth> {
  const found = new Map<string, Growth>();
  for (const run of runs.entries) {
    if (run.role !== 'entry') continue;
    for (const { slot, state, frame, node } of run.visits.writes) {
      if (!isGrowing(program, node, frame) || isBounded(program, slot.key, state)) continue;
      // A list of the sender's own only costs the sender.
      if (isSenders(slot) || runs.once(withoutOwnLocks(state))) continue;
      const by = runs.privileged(state) ? 'privileged' : 'anyone';
      if (found.get(slot.key)?.by !== 'anyone') found.set(slot.key, { node, frame, by });
    }
  }
  return found;
}

/** @returns the place in storage whose length, or whose number, bounds a loop; undefined where anything else does too */
export function boundOf(condition: AstNode, frame: Frame): string | undefined {
  if (/^(&&|\|\|)$/.test(textOf(unwrap(condition), 'operator'))) return undefined;
  for (const part of sourcesOf(condition, frame)) {
    // The smaller of two: a part of the list at a time.
    if (part.node.nodeType === 'Conditional') return undefined;
    if (isGiven(part.node, part.frame)) return undefined;
  }
  const keys = new Set(readsOf(condition, frame).map((read) => read.slot.key));
  return keys.size === 1 ? [...keys][0] : undefined;
}

// What a sender may do once, many senders may do.
function withoutOwnLocks(state: State): State {
  return { ...state, locks: new Set([...state.locks].filter((lock) => !lock.includes('['))) };
}

/** `list.push(x)`, `list.length++`, `count++`, `count += 1`, `count = count + 1` */
function isGrowing(program: Program, node: AstNode, frame: Frame): boolean {
  const operator = textOf(node, 'operator');
  if (node.nodeType === 'FunctionCall') {
    const callee = childOf(node, 'expression');
    return textOf(callee, 'memberName') === 'push';
  }
  if (operator === '++') return isWhole(node, frame);
  const [left, right] = [childOf(node, 'leftHandSide'), childOf(node, 'rightHandSide')];
  if (operator === '+=') return constantOf(program, right) === 1n && isWhole(node, frame);
  if (operator === '=' && isOneMore(program, left, right, frame)) return isWhole(node, frame);
  const isLength = operator === '=' && textOf(left, 'memberName') === 'length';
  return isLength && right !== undefined && readsOf(right, frame).length > 0;
}

function isOneMore(
  program: Program,
  left: AstNode | undefined,
  right: AstNode | undefined,
  frame: Frame,
): boolean {
  if (!left || !right) return false;
  const sum = unwrap(right);
  if (textOf(sum, 'operator') !== '+') return false;
  const [one, other] = [childOf(sum, 'leftExpression'), childOf(sum, 'rightExpression')];
  const old = constantOf(program, other) === 1n ? one : constantOf(program, one) === 1n ? other : undefined;
  const place = slotOf(left, frame);
  return old !== undefined && place !== undefined && slotOf(old, frame)?.exact === place.exact;
}

// A place of its own or of a record, not a sum in a mapping by sender.
function isWhole(node: AstNode, frame: Frame): boolean {
  const place = childOf(node, 'subExpression') ?? childOf(node, 'leftHandSide');
  return place !== undefined && slotOf(place, frame) !== undefined && /^u?int/.test(typeOf(place));
}

function isBounded(program: Program, key: Slot['key'], state: State): boolean {
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((node) => {
      if (!/^[<>]=?$|^[!=]=$/.test(textOf(node, 'operator'))) return false;
      const sides = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      const isIt = sides.some((side) => readsOf(side, condition.frame).some(({ slot }) => slot.key === key));
      return isIt && sides.some((side) => isLimit(program, side, condition.frame));
    }),
  );
}

// A number above zero that nobody but the owner changes.
function isLimit(program: Program, side: AstNode | undefined, frame: Frame): boolean {
  const value = constantOf(program, side);
  if (value !== undefined) return value > 0n;
  return side !== undefined && /max|limit|cap|most|seats|size/i.test(frame.program.source.text(side));
}
