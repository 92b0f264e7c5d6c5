import { decodeRevert } from '../chain/decode-revert.ts';
import { decodeOutputs } from '../chain/decode-values.ts';
import type { Hex } from '../chain/types.ts';
import { encodeCall } from '../solidity/encode-call.ts';
import { getDeployedContract } from '../store/deployments.ts';
import { fail } from './errors.ts';
import type { ActionContext, Platform } from './platform.ts';

export interface CallRequest {
  id: string;
  /** Name or signature. */
  function: string;
  args?: unknown;
  /** A block number; the newest when absent. */
  block?: number;
  /** Who seems to call; the signer of the deployment when absent. */
  from?: Hex;
}

export interface CallResult {
  function: string;
  /** False for a function that would change something if it were sent. */
  readsOnly: boolean;
  /** By name, or by position where a value has no name. */
  result: Record<string, unknown>;
  raw: Hex;
}

/**
 * Calls a function of a deployed contract and changes nothing: a function that would change something only shows what it
 * would return.
 *
 * @throws AppError `not-found`, `deployment-not-there`, `function-…`, `call-reverted`, `call-unreadable`, and those of the chain
 */
export async function callDeployment(
  platform: Platform,
  { actor }: Pick<ActionContext, 'actor'>,
  request: CallRequest,
): Promise<CallResult> {
  const contract = await getDeployedContract(platform.store.read, actor.ownerId, request.id);
  const { address, abi, network, status } = contract;
  if (address === null || (status !== 'confirmed' && status !== 'mined'))
    throw fail('deployment-not-there', { id: request.id, status });
  const { data, item, signature } = encodeCall(abi, request);
  const chain = await platform.chains.connect(network);
  const call = { from: request.from ?? contract.from, to: address, data };
  const at = request.block === undefined ? 'latest' : BigInt(request.block);
  const outcome = await chain.call(call, at);
  if (outcome.kind === 'insufficient-funds') {
    throw fail('call-reverted', { function: signature, reason: outcome.message });
  }
  if (outcome.kind === 'reverted') {
    const revert = decodeRevert(outcome.data, abi);
    throw fail('call-reverted', { function: signature, reason: revert.message }, { data: { revert } });
  }
  const result = decodeOutputs(item.outputs ?? [], outcome.data);
  if (!result)
    throw fail('call-unreadable', { function: signature, address, bytes: outcome.data.length / 2 - 1 });
  const readsOnly = item.stateMutability === 'view' || item.stateMutability === 'pure';
  return { function: signature, readsOnly, result, raw: outcome.data };
}
