import type { Receipt } from '../../chain/types.ts';
import type { SeenMessage, UnconfirmedMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { recheck } from './recheck.ts';

/**
 * Looks for the receipt of every hash ever signed for the nonce: the one that was mined decides. Reads only.
 *
 * @returns null when there is nothing new
 */
export async function watch(
  state: DeployState,
  context: StepContext,
): Promise<SeenMessage | UnconfirmedMessage | null> {
  const { chain, plan } = context;
  const [head, ...receipts] = await Promise.all([
    // One confirmation is the receipt itself: the head does not matter.
    plan.confirmations > 1 ? chain.blockNumber() : 0n,
    ...state.attempts.map((attempt) => chain.receipt(attempt.hash)),
  ]);
  const receipt = receipts.find((each) => each !== null);
  if (receipt) return news(state, seen(receipt, head, context));
  if (!state.mined) return null;
  // No receipt for what was seen mined: a reorg, or a node that has not caught up.
  const gone = await recheck(state.mined, context);
  if (gone) return gone;
  const { blockNumber, ...mined } = state.mined;
  return news(state, {
    ...mined,
    blockNumber,
    kind: 'seen',
    at: stamp(context),
    depth: depthAt(head, blockNumber),
  });
}

/** @returns the fact that a receipt stands for, seen from the block `head`. */
export function seen(receipt: Receipt, head: bigint, context: StepContext): SeenMessage {
  return {
    kind: 'seen',
    at: stamp(context),
    hash: receipt.transactionHash,
    blockNumber: receipt.blockNumber.toString(),
    blockHash: receipt.blockHash,
    status: receipt.status,
    contractAddress: receipt.contractAddress,
    gasUsed: receipt.gasUsed.toString(),
    effectiveGasPrice: receipt.effectiveGasPrice?.toString() ?? null,
    depth: depthAt(head, receipt.blockNumber),
  };
}

/** A head read before the receipt may lie under it. */
function depthAt(head: bigint, blockNumber: bigint | string): number {
  return Math.max(1, Number(head - BigInt(blockNumber)) + 1);
}

function news({ mined }: DeployState, fact: SeenMessage): SeenMessage | null {
  const same =
    mined && mined.blockHash === fact.blockHash && mined.hash === fact.hash && mined.depth >= fact.depth;
  return same ? null : fact;
}
