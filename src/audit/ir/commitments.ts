import type { AstNode } from '../../solidity/types.ts';
import { descendants, typeIdOf, typeOf } from './ast.ts';
import type { Frame } from './frames.ts';
import { isGiven, isSenders } from './places.ts';
import type { Runs } from './runs.ts';
import { isMadeOf, sourcesOf } from './sources.ts';
import type { Condition } from './state.ts';
import { slotOf } from './storage.ts';
import { from, hasBits, taintOf } from './taint.ts';

/** @returns true for a condition in which a hash that the sender is part of was looked up: they committed to it before */
export function looksUpCommitment({ node, frame }: Condition): boolean {
  return descendants(node, 'Identifier', 'MemberAccess', 'IndexAccess', 'FunctionCall').some(
    (item) =>
      isHashOfSender(item, frame) ||
      sourcesOf(item, frame).some((part) =>
        slotOf(part.node, part.frame)?.keys.some((key) => isHashOfSender(key.node, key.frame)),
      ),
  );
}

function isHashOfSender(node: AstNode, frame: Frame): boolean {
  const taint = taintOf(node, frame);
  return hasBits(taint, from.hash) && hasBits(taint, from.sender) && /^t_bytes32/.test(typeIdOf(node));
}

/**
 * @returns true where a contract keeps hashes that callers bring, with the time or the block they came in, or for whoever brought
 *   them: it means callers to commit to something first
 */
export function takesCommitments({ entries }: Runs): boolean {
  return entries.some(
    ({ role, visits }) =>
      role === 'entry' &&
      visits.writes.some(({ slot, value, frame }) => {
        if (!value) return false;
        const isBrought = (node: AstNode, at: Frame) => /^bytes32/.test(typeOf(node)) && isGiven(node, at);
        const isDated = isMadeOf(value, frame, (part) =>
          hasBits(taintOf(part.node, part.frame), from.time | from.block),
        );
        return (
          (isDated && slot.keys.some((key) => isBrought(key.node, key.frame))) ||
          (isSenders(slot) && isBrought(value, frame))
        );
      }),
  );
}
