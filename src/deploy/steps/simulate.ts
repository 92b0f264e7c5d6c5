import { isAddressEqual } from 'viem';
import { decodeRevert } from '../../chain/decode-revert.ts';
import { readImplementation } from '../../chain/read-implementation.ts';
import type { CallOutcome, Hex } from '../../chain/types.ts';
import { type AppError, toStoredError } from '../../lib/app-error.ts';
import { codeMatchesBuild } from '../compare-code.ts';
import { fail } from '../errors.ts';
import { insufficientFunds } from '../insufficient-funds.ts';
import type { FailedMessage, SimulatedMessage } from '../messages.ts';
import type { CallPlan, DeployPlan, UpgradePlan } from '../types.ts';
import { type StepContext, stamp } from './context.ts';
import { withMargin } from './gas-limit.ts';
import { callOf, trialOf } from './sign.ts';

/** EIP-3860 and EIP-170. */
const creationBytesMax = 49_152;
const runtimeBytesMax = 24_576;

/** Checks what needs no chain, then tries it against the latest state. Reads only. */
export async function simulate(context: StepContext): Promise<SimulatedMessage | FailedMessage> {
  const { call } = context.plan;
  return call ? simulateCall(call, context) : simulateCreation(context);
}

async function simulateCall({ to, upgrade }: CallPlan, context: StepContext) {
  const { chain, plan } = context;
  const [code, outcome] = await Promise.all([chain.code(to), chain.call(callOf(plan))]);
  // A call of an address without code succeeds, and its value is gone.
  if (code === '0x') {
    const error = fail('contract-not-there', { address: to, network: chain.network.name });
    return { kind: 'failed', at: stamp(context), error: toStoredError(error) } as const;
  }
  if (outcome.kind !== 'ok') return simulationOf(outcome, context);
  const changed = upgrade ? await otherImplementation(upgrade, context) : null;
  if (changed) return { kind: 'failed', at: stamp(context), error: toStoredError(changed) } as const;
  return { kind: 'simulated', at: stamp(context), ok: true } as const;
}

/** What an upgrade was compared with has to stand there still. */
async function otherImplementation(upgrade: UpgradePlan, { chain }: StepContext): Promise<AppError | null> {
  const { address, before } = upgrade;
  const actual = await readImplementation(chain, upgrade);
  if (isAddressEqual(actual, before)) return null;
  return fail('implementation-changed', { address, actual, expected: before }, { data: { actual } });
}

async function simulateCreation(context: StepContext): Promise<SimulatedMessage | FailedMessage> {
  const { chain, plan } = context;
  const hopeless = checkPlan(plan);
  if (hopeless) return { kind: 'failed', at: stamp(context), error: toStoredError(hopeless) };
  const outcome = (await tryUnderLimit(context)) ?? (await chain.call(trialOf(plan)));
  if (outcome.kind === 'ok') {
    const codeMatches = codeMatchesBuild(outcome.data, plan.runtime);
    return { kind: 'simulated', at: stamp(context), ok: true, codeMatches };
  }
  return simulationOf(outcome, context);
}

/** @returns the fact for what would not succeed */
async function simulationOf(
  outcome: Exclude<CallOutcome, { kind: 'ok' }>,
  context: StepContext,
): Promise<SimulatedMessage | FailedMessage> {
  if (outcome.kind === 'reverted') return simulationFailed(context, outcome);
  const { chain, plan } = context;
  const have = await chain.balance(plan.from);
  const error = insufficientFunds({ plan, chain, need: BigInt(plan.value), have });
  return { kind: 'failed', at: stamp(context), error: toStoredError(error) };
}

/**
 * Tries the creation under the limit that an estimate of a moment ago leads to: where that is enough, it need not be
 * estimated again.
 *
 * @returns null when nothing is known, or the creation fails under the limit, for whatever reason
 */
async function tryUnderLimit({ chain, plan, gas }: StepContext): Promise<CallOutcome | null> {
  const known = gas?.known.find(plan) ?? null;
  if (!gas || known === null) return null;
  const outcome = await chain.call({ ...trialOf(plan), gas: withMargin(known) });
  if (outcome.kind !== 'ok') return null;
  gas.tried = known;
  return outcome;
}

/** @returns the fact for what the chain says would be undone. */
export function simulationFailed(
  context: StepContext,
  fault: { data: Hex | null; message: string },
): SimulatedMessage {
  const revert = decodeRevert(fault.data, context.plan.abi);
  const reason = revert.kind === 'empty' && !/revert/i.test(fault.message) ? fault.message : revert.message;
  const { call } = context.plan;
  const error = toStoredError(
    call
      ? fail('call-would-revert', { function: call.function, reason }, { data: { revert } })
      : fail('constructor-reverted', { reason }, { data: { revert } }),
  );
  return { kind: 'simulated', at: stamp(context), ok: false, revert, error };
}

function checkPlan({ data, runtime, value, abi }: DeployPlan): AppError | null {
  if (data === '0x') return fail('nothing-to-deploy');
  if (/^0x[0-9a-f]*__/i.test(data)) return fail('unlinked-library');
  const bytes = (data.length - 2) / 2;
  if (bytes > creationBytesMax) return fail('creation-code-too-large', { bytes, bytesMax: creationBytesMax });
  const runtimeBytes = (runtime.bytecode.length - 2) / 2;
  if (runtimeBytes > runtimeBytesMax) {
    return fail('runtime-code-too-large', { bytes: runtimeBytes, bytesMax: runtimeBytesMax });
  }
  const payable = abi.find((item) => item.type === 'constructor')?.stateMutability === 'payable';
  return value !== '0' && abi.length > 0 && !payable ? fail('constructor-not-payable', { value }) : null;
}
