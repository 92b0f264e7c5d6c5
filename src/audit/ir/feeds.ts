import type { AstNode } from '../../solidity/types.ts';
import { slotsOf } from './ast.ts';
import type { Call } from './calls.ts';
import type { Program } from './program.ts';

/** @returns true for a call that asks a price feed for its answer */
export function isFeedRead(call: Call): call is Extract<Call, { kind: 'external' }> {
  return call.kind === 'external' && /^(latestRoundData|latestAnswer|getRoundData)$/.test(call.name);
}

/**
 * The variables that take the values of a call: `(, int256 answer, , uint256 updatedAt, ) = feed.latestRoundData()`.
 *
 * @returns one for each value, undefined for those left out; undefined when the values go elsewhere
 */
export function takenBy(program: Program, call: AstNode): (AstNode | undefined)[] | undefined {
  const parent = program.parent(call);
  if (parent?.nodeType === 'VariableDeclarationStatement') return slotsOf(parent, 'declarations');
  if (parent?.nodeType !== 'Assignment') return undefined;
  const left = parent['leftHandSide'] as AstNode;
  const places = left.nodeType === 'TupleExpression' ? slotsOf(left, 'components') : [left];
  return places.map((place) => place && program.node(Number(place['referencedDeclaration'])));
}
