import { concat, getContractAddress, isAddressEqual } from 'viem';
import type { CallRequest, Hex, UnsignedTransaction } from '../../chain/types.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import { fromJsonFees } from '../json-fees.ts';
import type { SignedMessage } from '../messages.ts';
import type { DeployPlan, DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/**
 * Signs the transaction for a nonce. Called inside the journal's transaction, which commits nonce, bytes and hash
 * together: the signature exists for the world only once it is recorded.
 *
 * @throws AppError `wrong-signer`
 */
export async function sign(
  state: DeployState,
  context: StepContext & { nonce: number },
): Promise<SignedMessage> {
  const { plan, signer, nonce } = context;
  invariant(state.estimate, 'signing comes after the estimate');
  invariant(state.attempts.length === 0, 'a nonce is signed for once');
  if (!isAddressEqual(signer.address, plan.from)) {
    throw fail('wrong-signer', { planned: plan.from, actual: signer.address });
  }
  const fees = fromJsonFees(state.estimate.fees);
  const transaction: UnsignedTransaction = {
    chainId: plan.chainId,
    nonce,
    ...actionOf(plan),
    gas: BigInt(state.estimate.gasLimit),
    ...fees,
  };
  const { raw, hash } = await signer.signTransaction(transaction);
  return {
    kind: 'signed',
    at: stamp(context),
    hash,
    raw,
    from: plan.from,
    nonce,
    predictedAddress: predictAddress(plan, nonce),
    gasLimit: state.estimate.gasLimit,
    fees: state.estimate.fees,
  };
}

/** @returns where the creation will stand; null for a call */
export function predictAddress({ call, create2, from }: DeployPlan, nonce: number): Hex | null {
  if (call) return null;
  return create2?.address ?? getContractAddress({ from, nonce: BigInt(nonce) });
}

/** @returns what the transaction does, whatever it pays */
export function actionOf(plan: DeployPlan): Pick<UnsignedTransaction, 'to' | 'value' | 'data'> {
  const value = BigInt(plan.value);
  const { call, create2, data } = plan;
  if (call) return { to: call.to, value, data };
  if (!create2) return { to: null, value, data };
  return { to: create2.deployer, value, data: concat([create2.salt, data]) };
}

/** @returns the same as a call that the chain can try */
export function callOf(plan: DeployPlan): CallRequest {
  const { to, data, value } = actionOf(plan);
  return { from: plan.from, ...(to ? { to } : {}), data, value };
}

/**
 * @returns what says why it fails: of a creation the constructor alone, as a deployer contract keeps the reason to itself.
 * `msg.sender` is whoever creates; it must be able to pay the value
 */
export function trialOf(plan: DeployPlan): CallRequest {
  if (plan.call) return callOf(plan);
  const value = BigInt(plan.value);
  const from = plan.create2 && value === 0n ? plan.create2.deployer : plan.from;
  return { from, data: plan.data, value };
}
