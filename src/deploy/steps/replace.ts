import type { Fees, UnsignedTransaction } from '../../chain/types.ts';
import { type AppError, toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { fail } from '../errors.ts';
import { insufficientFunds } from '../insufficient-funds.ts';
import { feePerGasMax, fromJsonFees, toJsonFees } from '../json-fees.ts';
import type { Message, ReplacedMessage } from '../messages.ts';
import type { ReplaceStep } from '../next-step.ts';
import type { DeployState, ReplacementPayment } from '../types.ts';
import { checkNonce } from './check-nonce.ts';
import { type StepContext, stamp } from './context.ts';
import { withMargin } from './gas-limit.ts';
import { actionOf } from './sign.ts';
import { watch } from './watch.ts';

/** What a plain transfer costs (Yellow Paper, G_transaction); rollups may ask for more. */
const transferGas = 21_000n;

/** A replacement that is ready to be signed. */
export interface Replacement {
  step: ReplaceStep;
  transaction: UnsignedTransaction;
  fees: Fees;
  empty: boolean;
}

/**
 * Works out what may take the place of bytes that are not mined: the same transaction with more to pay, or an empty
 * transaction of the signer to itself. Reads only.
 *
 * @returns a fact instead when the chain has news or when it cannot be done; null when it is not the time
 */
export async function prepareReplacement(
  state: DeployState,
  step: ReplaceStep,
  context: StepContext,
): Promise<{ replacement: Replacement } | { fact: Message | null }> {
  const { chain, plan } = context;
  const { attempt, reason, request } = step;
  const news = await watch(state, context);
  if (news) return { fact: news };
  const policy = reason === 'speed-up' ? (request?.feePolicy ?? 'fast') : plan.feePolicy;
  const [chainNonce, asked, balance] = await Promise.all([
    chain.nonce(plan.from, 'latest'),
    chain.fees(policy),
    chain.balance(plan.from),
  ]);
  if (chainNonce > attempt.nonce) return { fact: await checkNonce(state, context) };
  // It waits for the one before it, which is the one to be helped.
  if (chainNonce < attempt.nonce && reason === 'bump') return { fact: null };

  const stuck = (error: AppError): { fact: Message | null } => {
    // Said once, not at each look.
    if (!request && state.stuck?.code === error.code) return { fact: null };
    const answer = request ? { requestId: request.id } : {};
    return { fact: { kind: 'stuck', at: stamp(context), error: toStoredError(error), ...answer } };
  };
  const empty = attempt.empty || reason === 'cancel' || reason === 'fill';
  const caps = request?.feeCaps ?? plan.feeCaps ?? {};
  const fees = raised(fromJsonFees(attempt.fees), asked, caps.maxFeePerGas);
  if (fees instanceof Error) return stuck(fees);
  let gas = BigInt(attempt.gasLimit);
  if (empty && !attempt.empty) {
    const estimate = await chain.estimateGas({ from: plan.from, to: plan.from, data: '0x' });
    gas = estimate.kind === 'ok' && estimate.gas > transferGas ? withMargin(estimate.gas) : transferGas;
  }
  const value = empty ? 0n : BigInt(plan.value);
  const costMax = gas * feePerGasMax(fees) + value;
  if (caps.costMax !== undefined && costMax > BigInt(caps.costMax))
    return stuck(
      fail('fee-cap-reached', { need: costMax.toString(), cap: caps.costMax, what: 'whole cost' }),
    );
  if (costMax > balance) return stuck(insufficientFunds({ plan, chain, need: costMax, have: balance }));
  const target = empty ? { to: plan.from, value, data: '0x' as const } : actionOf(plan);
  const { chainId } = plan;
  const transaction = { chainId, nonce: attempt.nonce, gas, ...target, ...payment(fees) };
  return { replacement: { step, transaction, fees, empty } };
}

/** Signs a replacement. Called inside the journal's transaction, as the first signature was. */
export async function signReplacement(
  replacement: Replacement,
  context: StepContext,
): Promise<ReplacedMessage> {
  const { step, transaction } = replacement;
  const { attempt, reason, request } = step;
  const { raw, hash } = await context.signer.signTransaction(transaction);
  invariant(hash !== attempt.hash, 'a replacement is another transaction');
  return {
    kind: 'replaced',
    at: stamp(context),
    replaces: attempt.hash,
    hash,
    raw,
    ...paymentOf(replacement),
    reason,
    ...(request ? { requestId: request.id } : {}),
  };
}

/** @returns what it pays, as a fact holds it */
export function paymentOf({ transaction, fees, empty }: Replacement): ReplacementPayment {
  return { gasLimit: transaction.gas.toString(), fees: toJsonFees(fees), empty };
}

/**
 * What is asked for now, and at least an eighth more than before: nodes refuse a replacement that offers less (10 % in
 * Geth, Erigon, Reth and Besu, 12.5 % in Nethermind's and others' rules for both fees).
 */
function raised(old: Fees, asked: Fees, cap: string | undefined): Fees | AppError {
  const max = cap === undefined ? null : BigInt(cap);
  const least = eighthMore(feePerGasMax(old));
  if (max !== null && max < least) {
    return fail('fee-cap-reached', { need: least.toString(), cap: max.toString(), what: 'fee per gas' });
  }
  if (old.type === 'legacy') {
    const now = feePerGasMax(asked);
    return { type: 'legacy', gasPrice: capped(larger(least, now), max) };
  }
  const tipNow = asked.type === 'eip1559' ? asked.maxPriorityFeePerGas : 0n;
  const maxFeePerGas = capped(larger(least, feePerGasMax(asked)), max);
  const tip = larger(eighthMore(old.maxPriorityFeePerGas), tipNow);
  const baseFeePerGas = asked.type === 'eip1559' ? asked.baseFeePerGas : old.baseFeePerGas;
  return {
    type: 'eip1559',
    maxFeePerGas,
    maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas,
    baseFeePerGas,
  };
}

function eighthMore(wei: bigint): bigint {
  return (wei * 9n + 7n) / 8n + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function capped(value: bigint, cap: bigint | null): bigint {
  return cap !== null && cap < value ? cap : value;
}

function payment(fees: Fees) {
  if (fees.type === 'legacy') return { type: 'legacy' as const, gasPrice: fees.gasPrice };
  const { maxFeePerGas, maxPriorityFeePerGas } = fees;
  return { type: 'eip1559' as const, maxFeePerGas, maxPriorityFeePerGas };
}
