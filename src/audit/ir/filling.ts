import type { AstNode } from '../../solidity/types.ts';
import { childOf, descendants, textOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { clausesOf, equalSides } from './conditions.ts';
import { dispatch, type Frame, isSender, isThis, resolve } from './frames.ts';
import type { Runs } from './runs.ts';
import type { State } from './state.ts';
import { isZero, keyOf, literalValue, slotOf } from './storage.ts';
import type { Visits } from './visits.ts';
import { yulName } from './yul.ts';

/** @returns true where a place (`Slot.exact`) was required to be zero, as what is set up once is before */
export function isEmpty(exact: string, state: State): boolean {
  return clausesOf(state).some((clause) =>
    clause.every((atom) => {
      const sides = equalSides(atom);
      return (
        sides?.some(({ node }) => isZero(node)) === true &&
        sides.some(({ node, frame }) => {
          const at = resolve(node, frame);
          return slotOf(at.node, at.frame)?.exact === exact;
        })
      );
    }),
  );
}

/** @returns true for a value that is not zero: who calls, or one that was compared with zero */
export function isFull(value: AstNode, frame: Frame, state: State): boolean {
  if (isSender(value, frame) || isThis(value, frame)) return true;
  const key = keyOf(value, frame);
  return clausesOf(state).some((clause) =>
    clause.every(({ node, frame: within, truth }) => {
      const [left, right] = [childOf(node, 'leftExpression'), childOf(node, 'rightExpression')];
      if (node.nodeType !== 'BinaryOperation' || !left || !right) return false;
      const operator = textOf(node, 'operator');
      const [isLeft, isRight] = [left, right].map((side) => keyOf(side, within) === key);
      if (operator === '==' || operator === '!=')
        return (
          (operator === '!=') === truth && ((isLeft && isZero(right)) || (isRight && isZero(left))) === true
        );
      // `value > limit`, `value >= 1`
      const isLess = (operator[0] === '<') === truth;
      const isStrict = (operator.length === 1) === truth;
      const [large, small] = isLess ? [isRight, left] : [isLeft, right];
      return large === true && (isStrict || (literalValue(small) ?? 0n) > 0n);
    }),
  );
}

/**
 * @returns true where what a function reads by assembly (`sload`) was required to be zero, in a run that fills a slot by
 *   assembly: `require(_implementation() == address(0)); _setImplementation(logic);`
 */
export function isSlotFilledOnce(state: State, { assembly }: Visits): boolean {
  if (!assembly.some(({ operation }) => operation.name === 'sstore')) return false;
  return clausesOf(state).some((clause) =>
    clause.every((atom) => {
      const sides = equalSides(atom);
      return (
        sides?.some(({ node }) => isZero(node)) === true &&
        sides.some(({ node, frame }) => isLoaded(node, frame))
      );
    }),
  );
}

function isLoaded(node: AstNode, frame: Frame): boolean {
  const at = resolve(node, frame);
  if (at.node.nodeType !== 'FunctionCall') return false;
  const call = classifyCall(frame.program, at.node);
  if (call.kind !== 'internal') return false;
  const { body } = dispatch(at.frame, call);
  return descendants(body ?? at.node, 'InlineAssembly').some(
    (block) =>
      /\bsload\b/.test(textOf(block, 'operations')) ||
      descendants(block, 'YulFunctionCall').some((item) => yulName(item) === 'sload'),
  );
}

/** @returns true where this runs once in the contract's life. A record that is used up once is one of many. */
export function isSetUpOnce(state: State, runs: Pick<Runs, 'once'>): boolean {
  return runs.once({ ...state, locks: new Set([...state.locks].filter((lock) => !lock.includes('['))) });
}
