/** Where a worker is held while it is killed, so that the kill falls exactly there. */
export type Hold =
  /** A call of this method has not reached the node, or has, and its answer is lost. */
  | { kind: 'call'; method: string; when: 'before' | 'after' }
  /** The statement that writes this fact is under way, and is not committed. */
  | { kind: 'write'; fact: string }
  /** The fact is committed; whatever is asked of the node next has not reached it. */
  | { kind: 'next'; fact: string }
  /** The fact is committed, and that its job has ended is not. */
  | { kind: 'end'; fact: string };

/** A moment between two facts of a deployment's journal. */
export interface KillPoint {
  /** The last fact that the worker knows, in memory or committed. */
  after: string;
  hold: Hold;
  /** What has to happen for the fact to come about. */
  needs?: 'reorg' | 'speed-up' | 'cancel';
}

const call = (after: string, when: 'before' | 'after', method: string): KillPoint => ({
  after,
  hold: { kind: 'call', method, when },
});
const write = (after: string, fact: string, needs: Pick<KillPoint, 'needs'> = {}): KillPoint => ({
  ...{ after, hold: { kind: 'write', fact } },
  ...needs,
});
const written = (fact: string, needs: Pick<KillPoint, 'needs'> = {}): KillPoint => ({
  ...{ after: fact, hold: { kind: 'next', fact } },
  ...needs,
});
const atEnd = (fact: string, needs: Pick<KillPoint, 'needs'> = {}): KillPoint => ({
  ...{ after: fact, hold: { kind: 'end', fact } },
  ...needs,
});

/**
 * Every moment that matters, in pairs that suit one run: one for each chain. Facts up to the estimate are committed with
 * the signature, so what lies between them is a call; afterwards each fact has a moment before and one after its commit.
 */
export const killPoints: readonly (readonly [KillPoint, KillPoint])[] = [
  [call('planned', 'before', 'eth_getBalance'), call('funded', 'before', 'eth_call')],
  [call('simulated', 'before', 'eth_estimateGas'), call('simulated', 'after', 'eth_estimateGas')],
  [write('estimated', 'signed'), written('signed')],
  [call('signed', 'after', 'eth_sendRawTransaction'), write('sent', 'sent')],
  [written('sent'), call('sent', 'after', 'eth_getTransactionReceipt')],
  [write('seen', 'seen'), written('seen')],
  [call('seen', 'before', 'eth_getCode'), call('seen', 'after', 'eth_getCode')],
  // The end of the job is in the transaction of the fact.
  [write('confirmed', 'confirmed'), call('sent', 'before', 'eth_getTransactionReceipt')],
  [write('broadcast', 'replaced', { needs: 'speed-up' }), written('replaced', { needs: 'speed-up' })],
  [write('mined', 'unconfirmed', { needs: 'reorg' }), written('unconfirmed', { needs: 'reorg' })],
  [write('mined', 'cancelled', { needs: 'cancel' }), atEnd('cancelled', { needs: 'cancel' })],
];

/** What a nonce that somebody else used leads to. */
export const outsidePoints: readonly KillPoint[] = [written('missing'), write('missing', 'failed')];

/** @returns words for a table, unlike those of every other point */
export function pointName({ after, hold }: KillPoint): string {
  switch (hold.kind) {
    case 'call':
      return `${after}, ${hold.when} ${hold.method}`;
    case 'write':
      return `${hold.fact} not committed`;
    case 'next':
      return `${hold.fact} committed`;
    case 'end':
      return `${hold.fact} committed, job not ended`;
  }
}
