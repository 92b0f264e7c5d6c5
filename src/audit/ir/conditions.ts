import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants } from './ast.ts';
import { type Frame, isSender } from './frames.ts';
import type { State } from './state.ts';
import { isZero, keyOf } from './storage.ts';

/**
 * @returns true when a condition on every way here looks a value up: as a key (`allowed[target]`), or by handing it to a
 *   function (`registry.isKnown(target)`)
 */
export function isLookedUp(value: AstNode, frame: Frame, state: State): boolean {
  const key = keyOf(value, frame);
  return state.conditions.some((condition) =>
    descendants(condition.node, 'IndexAccess', 'FunctionCall').some((item) => {
      const index = childOf(item, 'indexExpression');
      const given = item.nodeType === 'IndexAccess' ? (index ? [index] : []) : childrenOf(item, 'arguments');
      const isConversion = item['kind'] === 'typeConversion';
      return !isConversion && given.some((each) => keyOf(each, condition.frame) === key);
    }),
  );
}

/** @returns true when a condition on every way here compares a value with anything but itself. */
export function isCompared(value: AstNode, frame: Frame, state: State): boolean {
  const key = keyOf(value, frame);
  return state.conditions.some((condition) =>
    descendants(condition.node, 'BinaryOperation').some((item) =>
      ['leftExpression', 'rightExpression'].some((field) => {
        const side = childOf(item, field);
        return side !== undefined && keyOf(side, condition.frame) === key;
      }),
    ),
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
