import { getContractAddress, isAddressEqual } from 'viem';
import type { UnsignedTransaction } from '../../chain/types.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import { fromJsonFees } from '../json-fees.ts';
import type { SignedMessage } from '../messages.ts';
import type { DeployState } from '../types.ts';
import { type StepContext, stamp } from './context.ts';

/**
 * Signs the creation for a nonce. Called inside the journal's transaction, which commits nonce, bytes and hash
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
    to: null,
    value: BigInt(plan.value),
    data: plan.data,
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
    predictedAddress: getContractAddress({ from: plan.from, nonce: BigInt(nonce) }),
    gasLimit: state.estimate.gasLimit,
    fees: state.estimate.fees,
  };
}
