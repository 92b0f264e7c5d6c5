import type { Tx } from '../store/db.ts';
import { type NonceAccount, spentOfLate } from '../store/nonce-accounts.ts';
import { getSigner, type SignerPolicy, type SignerRecord, setSignerPolicy } from '../store/signers.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Says anew what a signer may do. It holds for what is signed from now on, deployments that wait included; one that a worker
 * has in its hands goes by the policy of before until it waits or ends.
 * @throws AppError `not-found`, `policy-network-unknown`
 */
export function changeSignerPolicy(
  platform: Platform,
  context: ActionContext,
  request: { id: string; policy: SignerPolicy },
): Promise<SignerRecord> {
  const { id, policy } = request;
  return perform(platform, context, async (tx) => {
    const signer = await getSigner(tx.sql, context.actor.ownerId, id);
    const known = new Set(platform.chains.known().map(({ network }) => network.name));
    const stranger = policy.networks?.findIndex((name) => !known.has(name)) ?? -1;
    if (stranger >= 0) {
      const network = policy.networks?.[stranger] ?? '';
      throw fail('policy-network-unknown', { network }, { place: { pointer: `/networks/${stranger}` } });
    }
    await setSignerPolicy(tx, signer.id, policy);
    await recordAudit(tx, context, {
      action: 'signer.policy-changed',
      objectKind: 'signer',
      objectId: signer.id,
      data: { before: signer.policy, after: policy },
    });
    return { ...signer, policy };
  });
}

/** @throws AppError `signer-network-refused` */
export function checkSignerNetwork(
  { networks }: SignerPolicy,
  { signer, network }: { signer: string; network: string },
): void {
  if (networks === undefined || networks.includes(network)) return;
  const allowed = networks.join(', ') || 'none';
  throw fail('signer-network-refused', { signer, network, allowed }, { place: { pointer: '/network' } });
}

/**
 * Whether a signer may sign for so much, in the transaction that records the bytes: nobody else signs for the address
 * until it ends.
 *
 * @param given.feePerGas the most that a unit of gas can cost, wei
 * @param given.costMax of the whole, wei
 * @throws AppError `signer-network-refused`, `signer-fee-refused`, `signer-spend-limit`
 */
export async function checkSignerPolicy(
  tx: Tx,
  policy: SignerPolicy,
  given: {
    signer: string;
    network: string;
    account: Pick<NonceAccount, 'chainId' | 'epoch' | 'address'>;
    nonce: number;
    feePerGas: bigint;
    costMax: bigint;
  },
): Promise<void> {
  const { signer, network, account, nonce, feePerGas, costMax } = given;
  checkSignerNetwork(policy, { signer, network });
  const { maxFeePerGas, spendPerDay } = policy;
  if (maxFeePerGas !== undefined && feePerGas > BigInt(maxFeePerGas)) {
    throw fail('signer-fee-refused', { signer, offered: feePerGas.toString(), limit: maxFeePerGas });
  }
  if (spendPerDay === undefined) return;
  const spent = await spentOfLate(tx, { ...account, except: nonce });
  const limit = BigInt(spendPerDay);
  if (spent + costMax <= limit) return;
  const left = limit > spent ? limit - spent : 0n;
  throw fail('signer-spend-limit', {
    ...{ signer, network, limit: spendPerDay, left: left.toString(), need: costMax.toString() },
  });
}
