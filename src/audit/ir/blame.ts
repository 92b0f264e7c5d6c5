import type { AstNode } from '../../solidity/types.ts';
import { type Frame, inEntry } from './frames.ts';
import type { Runs } from './runs.ts';
import type { CallVisit } from './visits.ts';

/**
 * Where a check is missing that a shared helper cannot make: the line itself, or, where other ways lead to the same line
 * that are well, the call in the function at fault.
 *
 * @param isWell says of a visit of the same line whether nothing is wrong with it
 */
export function blamed(
  runs: Runs,
  at: { node: AstNode; frame: Frame },
  isWell: (visit: CallVisit) => boolean,
): { node: AstNode; frame: Frame } {
  if (!at.frame.parent) return at;
  const shared = runs.entries.some(
    ({ role, visits }) =>
      role === 'entry' && visits.calls.some((visit) => visit.node === at.node && isWell(visit)),
  );
  if (!shared) return at;
  return inEntry(at);
}
