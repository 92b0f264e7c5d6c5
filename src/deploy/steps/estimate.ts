import type { EstimateOutcome, Fees } from '../../chain/types.ts';
import { type AppError, toStoredError } from '../../lib/app-error.ts';
import { fail } from '../errors.ts';
import { insufficientFunds } from '../insufficient-funds.ts';
import { feePerGasMax, toJsonFees } from '../json-fees.ts';
import type { EstimatedMessage, FailedMessage, SimulatedMessage } from '../messages.ts';
import type { FeeCaps } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { transactionGasMax, withMargin } from './gas-limit.ts';
import { callOf } from './sign.ts';
import { simulationFailed } from './simulate.ts';

/** Asks for gas, fees, balance and nonce at once, and checks that the signer can pay within the caps. Reads only. */
export async function estimate(
  context: StepContext,
): Promise<EstimatedMessage | SimulatedMessage | FailedMessage> {
  const { chain, plan } = context;
  const value = BigInt(plan.value);
  const ended = (error: AppError): FailedMessage => ({
    kind: 'failed',
    at: stamp(context),
    error: toStoredError(error),
  });
  const [gas, asked, balance, chainNonce] = await Promise.all([
    gasOf(context),
    chain.fees(plan.feePolicy),
    chain.balance(plan.from),
    chain.nonce(plan.from, 'latest'),
  ]);
  if (gas.kind === 'reverted') return simulationFailed(context, gas);
  if (gas.kind === 'insufficient-funds') {
    return ended(insufficientFunds({ plan, chain, need: value, have: balance }));
  }
  if (gas.gas > transactionGasMax) {
    return ended(
      fail('gas-above-block-limit', { gas: gas.gas.toString(), gasMax: transactionGasMax.toString() }),
    );
  }
  const gasLimit = withMargin(gas.gas);
  const fees = capFees(asked, plan.feeCaps ?? {});
  if (fees instanceof Error) return ended(fees);
  const costMax = gasLimit * feePerGasMax(fees) + value;
  const cap = plan.feeCaps?.costMax;
  if (cap !== undefined && costMax > BigInt(cap)) {
    return ended(fail('fee-cap-too-low', { need: costMax.toString(), cap, what: 'whole cost' }));
  }
  if (balance < costMax) return ended(insufficientFunds({ plan, chain, need: costMax, have: balance }));
  return {
    kind: 'estimated',
    at: stamp(context),
    gasEstimate: gas.gas.toString(),
    gasLimit: gasLimit.toString(),
    fees: toJsonFees(fees),
    costMax: costMax.toString(),
    costExpected: (gas.gas * feePerGasNow(fees) + value).toString(),
    balance: balance.toString(),
    chainNonce,
    final: plan.dryRun,
  };
}

/** Asks the chain, unless the limit that follows from an estimate of a moment ago was tried just now. */
async function gasOf({ chain, plan, gas }: StepContext): Promise<EstimateOutcome> {
  if (gas?.tried) return { kind: 'ok', gas: gas.tried };
  const outcome = await chain.estimateGas(callOf(plan));
  if (outcome.kind === 'ok') gas?.known.keep(plan, outcome.gas);
  return outcome;
}

/** Caps lower what would be offered; a cap under the base fee of now could never be mined. */
function capFees(fees: Fees, caps: FeeCaps): Fees | AppError {
  const max = caps.maxFeePerGas === undefined ? null : BigInt(caps.maxFeePerGas);
  const tipMax = caps.maxPriorityFeePerGas === undefined ? null : BigInt(caps.maxPriorityFeePerGas);
  const least = fees.type === 'legacy' ? fees.gasPrice : fees.baseFeePerGas;
  if (max !== null && max < least) {
    return fail('fee-cap-too-low', { need: least.toString(), cap: max.toString(), what: 'fee per gas' });
  }
  if (fees.type === 'legacy') return fees;
  const maxFeePerGas = smallest(fees.maxFeePerGas, max);
  const maxPriorityFeePerGas = smallest(smallest(fees.maxPriorityFeePerGas, tipMax), maxFeePerGas);
  return { ...fees, maxFeePerGas, maxPriorityFeePerGas };
}

function smallest(value: bigint, cap: bigint | null): bigint {
  return cap !== null && cap < value ? cap : value;
}

function feePerGasNow(fees: Fees): bigint {
  if (fees.type === 'legacy') return fees.gasPrice;
  return smallest(fees.baseFeePerGas + fees.maxPriorityFeePerGas, fees.maxFeePerGas);
}
