import { toStoredError } from '../../lib/app-error.ts';
import { invariant } from '../../lib/invariant.ts';
import { codeMatchesBuild } from '../compare-code.ts';
import { fail } from '../errors.ts';
import type { ConfirmedMessage, FailedMessage, LookedMessage } from '../messages.ts';
import { type StepContext, stamp } from './context.ts';

/**
 * Looks at the address of a CREATE2 deployment before anything is spent: the contract may stand there already, made by
 * anybody with the same code. It counts as deployed once it is as deep as a creation of ours would have to be. Reads only.
 *
 * @returns null while it is there and not deep enough
 */
export async function look(
  context: StepContext,
): Promise<LookedMessage | ConfirmedMessage | FailedMessage | null> {
  const { chain, plan } = context;
  const { create2 } = plan;
  invariant(create2, 'only a CREATE2 deployment has an address to look at');
  const { address, deployer } = create2;
  const [code, deployerCode, head] = await Promise.all([
    chain.code(address),
    chain.code(deployer),
    chain.blockNumber(),
  ]);
  const at = stamp(context);
  if (code === '0x') {
    if (deployerCode !== '0x') return { kind: 'looked', at, address };
    const error = fail('create2-deployer-missing', { deployer, network: chain.network.name });
    return { kind: 'failed', at, error: toStoredError(error) };
  }
  if (!codeMatchesBuild(code, plan.runtime)) {
    const error = fail('address-occupied', { address }, { data: { address } });
    return { kind: 'failed', at, error: toStoredError(error), codeMatches: false };
  }
  const deep = head - BigInt(plan.confirmations - 1);
  if (deep > 0n && deep < head && (await chain.code(address, deep)) === '0x') return null;
  const depth = plan.confirmations;
  return { kind: 'confirmed', at, hash: null, address, depth, codeMatches: true, source: 'existing' };
}
