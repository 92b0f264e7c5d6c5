import type { FundedMessage } from '../messages.ts';
import { type StepContext, stamp } from './context.ts';

const ether = 10n ** 18n;

/**
 * Gives the development signer play money when it runs low. Local chain only; setting a balance twice does no harm,
 * so nothing has to be recorded before.
 */
export async function fund(context: StepContext): Promise<FundedMessage> {
  const { chain, plan } = context;
  const value = BigInt(plan.value);
  let balance = await chain.balance(plan.from);
  if (balance < value + 100n * ether) {
    balance = value + 10_000n * ether;
    await chain.devSetBalance(plan.from, balance);
  }
  return { kind: 'funded', at: stamp(context), balance: balance.toString() };
}
