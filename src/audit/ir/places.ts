import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, textOf, typeOf } from './ast.ts';
import { type Frame, isSender, type Ref, resolve } from './frames.ts';
import { isMadeOf, sourcesOf } from './sources.ts';
import type { State } from './state.ts';
import { keyOf, type Slot, slotOf } from './storage.ts';
import type { Visits } from './visits.ts';

/** A place in storage that a value is read from. */
export interface Read {
  slot: Slot;
  part: Ref;
}

/** @returns the places in storage that a value is made of, each as exactly as it is named: `12.price`, not also `12` */
export function readsOf(node: AstNode | undefined, frame: Frame): Read[] {
  const found = sourcesOf(node, frame).flatMap((part): Read[] => {
    if (!places.has(part.node.nodeType)) return [];
    const slot = slotOf(part.node, part.frame);
    return slot ? [{ slot, part }] : [];
  });
  const exacts = new Set(found.map((read) => read.slot.exact));
  return found.filter(
    ({ slot }) =>
      ![...exacts].some((other) => other.startsWith(`${slot.exact}.`) || other.startsWith(`${slot.exact}[`)),
  );
}

const places = new Set(['Identifier', 'MemberAccess', 'IndexAccess']);

/** @returns true for a record of the sender: one of its keys is who calls */
export function isSenders(slot: Slot): boolean {
  return slot.keys.some((key) => isSender(key.node, key.frame));
}

/** @returns true for a key, or anything else, that is an account */
export function isAccount(key: Ref | undefined): boolean {
  return key !== undefined && /^address/.test(typeOf(key.node));
}

/** @returns true where only one account gets, by name: nobody else races for it. A list of members is no such account. */
export function isAlone(state: State): boolean {
  return state.auth.some((fact) => !fact.holder && !fact.key.includes('['));
}

/** @returns true for a parameter of the entry point, or a field of one, under whatever name */
export function isGiven(node: AstNode, frame: Frame): boolean {
  let at = resolve(node, frame);
  while (at.node.nodeType === 'MemberAccess') {
    const owner = childOf(at.node, 'expression');
    if (!owner) return false;
    at = resolve(owner, at.frame);
  }
  const id = at.node.nodeType === 'Identifier' ? referenceOf(at.node) : undefined;
  return (
    at.frame.parent === undefined && at.frame.callable.parameters.some((parameter) => parameter.id === id)
  );
}

/** @returns what is required anywhere in a run: what comes after a call undoes it all the same */
export function requiredIn({ calls }: Visits): Ref[] {
  return calls.flatMap(({ call, frame }) => {
    const [condition] = call.arguments;
    return condition && (call.kind === 'require' || call.kind === 'assert')
      ? [{ node: condition, frame }]
      : [];
  });
}

/**
 * @returns true when the caller sets a limit to a value in one of the conditions: a parameter that is no part of the value is
 *   compared with it, or with one of the places it is read from
 */
export function isLimited(value: AstNode, frame: Frame, conditions: readonly Ref[]): boolean {
  const parts = sourcesOf(value, frame);
  const keys = new Set(parts.map((part) => keyOf(part.node, part.frame)));
  const places = new Set(readsOf(value, frame).map((read) => read.slot.exact));
  const isSmaller = parts.some(
    (part) =>
      part.node.nodeType === 'Conditional' &&
      ['trueExpression', 'falseExpression'].some((field) => {
        const branch = childOf(part.node, field);
        return branch !== undefined && isGiven(branch, part.frame);
      }),
  );
  if (isSmaller || parts.some((part) => isLesserOfGiven(part))) return true;
  return conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((node) => {
      if (!comparing.has(textOf(node, 'operator'))) return false;
      const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      if (!left || !right) return false;
      return [
        [left, right],
        [right, left],
      ].some(([limit, other]) => {
        if (!limit || !other || !isGiven(limit, condition.frame)) return false;
        if (keys.has(keyOf(limit, condition.frame))) return false;
        return isMadeOf(other, condition.frame, (part) => {
          if (
            keys.has(keyOf(part.node, part.frame)) &&
            part.node.nodeType !== 'Literal' &&
            !isGiven(part.node, part.frame)
          )
            return true;
          return places.has(slotOf(part.node, part.frame)?.exact ?? '');
        });
      });
    }),
  );
}

const comparing = new Set(['<', '<=', '>', '>=', '==', '!=']);

// `min(amount, owed)` of a library.
function isLesserOfGiven({ node, frame }: Ref): boolean {
  if (node.nodeType !== 'FunctionCall') return false;
  const callee = childOf(node, 'expression');
  const name = (callee && (textOf(callee, 'memberName') || textOf(callee, 'name'))) ?? '';
  const given = Array.isArray(node['arguments']) ? (node['arguments'] as AstNode[]) : [];
  return /^_?min$/i.test(name) && given.some((argument) => isGiven(argument, frame));
}
