import type { AstNode } from '../../solidity/types.ts';
import { type Frame, isSender } from './frames.ts';
import { isGiven, isSenders } from './places.ts';
import type { EntryRun } from './runs.ts';
import { sourcesOf } from './sources.ts';
import { slotOf } from './storage.ts';
import { changeOf } from './sums.ts';
import { from, hasBits, taintOf } from './taint.ts';
import { givesToSender, movesOf } from './token-moves.ts';
import type { Visit } from './visits.ts';

/** The sender gets something: paid, credited, or written down as the winner. */
export interface Reward extends Visit {
  /** How much, where that can be told. */
  amount: AstNode | undefined;
}

/** @returns payments to the sender, credits, and records that name them */
export function rewardsOf(run: EntryRun): Reward[] {
  const paid = movesOf(run).flatMap((move): Reward[] =>
    move.kind !== 'burn' && givesToSender(move) ? [{ ...move.visit, amount: move.amount }] : [],
  );
  const named = run.visits.writes.flatMap((write): Reward[] => {
    const credit = isSenders(write.slot) ? changeOf(write) : undefined;
    if (credit?.sign === '+') return [{ ...write, amount: credit.by }];
    return write.value && isSender(write.value, write.frame) ? [{ ...write, amount: undefined }] : [];
  });
  return [...paid, ...named];
}

/** @returns true for a prize: it is no part of what the caller says, has, or pays */
export function isPutUpBefore(amount: AstNode, frame: Frame): boolean {
  return !sourcesOf(amount, frame).some((part) => {
    const slot = slotOf(part.node, part.frame);
    return (
      isGiven(part.node, part.frame) ||
      (slot !== undefined && isSenders(slot)) ||
      hasBits(taintOf(part.node, part.frame), from.value | from.sender)
    );
  });
}
