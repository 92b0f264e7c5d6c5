import { isAddressEqual } from 'viem';
import type { SignedTransaction } from '../chain/read-signed.ts';
import type { AppError } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { actionOf } from './steps/sign.ts';
import type { DeployPlan } from './types.ts';

/**
 * Compares what was signed elsewhere with what was prepared: sender, chain, recipient, value and data have to be the same.
 * Nonce, gas and fees are whoever signs'.
 *
 * @returns null where it is the same
 */
export function checkSigned(plan: DeployPlan, signed: SignedTransaction): AppError | null {
  const { to, value, data } = actionOf(plan);
  const differences = [
    ...(isAddressEqual(signed.from, plan.from)
      ? []
      : [`it was signed by ${signed.from}, not by ${plan.from}`]),
    // A signature for every chain could be played again on another one.
    ...(signed.chainId === plan.chainId
      ? []
      : [`its chain is ${signed.chainId ?? 'any'}, not ${plan.chainId}`]),
    ...(sameRecipient(signed.to, to)
      ? []
      : [`it goes to ${signed.to ?? 'nobody'}, not to ${to ?? 'nobody'}`]),
    ...(signed.value === value ? [] : [`it sends ${signed.value} wei, not ${value}`]),
    ...(signed.data.toLowerCase() === data.toLowerCase() ? [] : ['its data is other data']),
  ];
  if (differences.length === 0) return null;
  return fail(
    'signed-transaction-differs',
    { differences: differences.join('; ') },
    { place: { pointer: '/signedTransaction' } },
  );
}

function sameRecipient(one: SignedTransaction['to'], other: SignedTransaction['to']): boolean {
  return one === null || other === null ? one === other : isAddressEqual(one, other);
}
