import type { AstNode } from '../../solidity/types.ts';
import { childOf, childrenOf, descendants, referenceOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { childFrame, dispatch, type Frame, isSender, isTooDeep, type Ref } from './frames.ts';
import { bodiesFrom } from './own.ts';
import type { State } from './state.ts';
import { isZero, keyOf } from './storage.ts';

/**
 * @returns true when a condition on every way here looks a value up: as a key (`allowed[target]`), or by handing it to a
 *   function (`registry.isKnown(target)`)
 */
export function isLookedUp(value: AstNode, frame: Frame, state: State): boolean {
  return lookupsOf(value, frame, state).length > 0;
}

/** @returns the lookups of a value in the conditions on every way here */
export function lookupsOf(value: AstNode, frame: Frame, state: State): Ref[] {
  const key = keyOf(value, frame);
  return state.conditions.flatMap((condition) =>
    descendants(condition.node, 'IndexAccess', 'FunctionCall')
      .filter((item) => {
        const index = childOf(item, 'indexExpression');
        const given =
          item.nodeType === 'IndexAccess' ? (index ? [index] : []) : childrenOf(item, 'arguments');
        const isConversion = item['kind'] === 'typeConversion';
        return (
          !isConversion &&
          given.some((each) => keyOf(each, condition.frame) === key) &&
          !isBlind(item, condition.frame)
        );
      })
      .map((node) => ({ node, frame: condition.frame })),
  );
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
