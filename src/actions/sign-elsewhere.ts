import { readSigned } from '../chain/read-signed.ts';
import type { Hex } from '../chain/types.ts';
import { checkSigned } from '../deploy/check-signed.ts';
import { fail as refused } from '../deploy/errors.ts';
import type { JsonFees } from '../deploy/messages.ts';
import { actionOf } from '../deploy/steps/sign.ts';
import { newId } from '../lib/ids.ts';
import { dueNow } from '../queue/due-now.ts';
import type { Reader } from '../store/db.ts';
import { findSignable, isSignable, type Signable, setSignature } from '../store/deployment-states.ts';
import { type Deployment, getDeployment } from '../store/deployments.ts';
import { fail as missing } from '../store/errors.ts';
import { appendEvent } from '../store/events.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/** What a wallet is to sign. Amounts are decimal strings: wei, and gas units. */
export interface UnsignedView {
  chainId: number;
  from: Hex;
  /** Null creates a contract. */
  to: Hex | null;
  value: string;
  data: Hex;
  /** Proposals, as of when it was prepared: the wallet chooses. */
  gas: string;
  fees: JsonFees;
  nonce: number;
}

/**
 * What is to be signed for a deployment whose key is in a wallet of its owner's.
 * @throws AppError `not-found`, `signature-not-wanted`
 */
export async function readUnsigned(
  read: Reader,
  { actor }: Pick<ActionContext, 'actor'>,
  id: string,
): Promise<UnsignedView> {
  const { plan, estimate, state } = await signableOf(read, { ownerId: actor.ownerId, id });
  if (!estimate) throw notWanted(id, state, 'it is not prepared yet');
  const { to, value, data } = actionOf(plan);
  const { gasLimit: gas, fees, chainNonce: nonce } = estimate;
  return { chainId: plan.chainId, from: plan.from, to, value: value.toString(), data, gas, fees, nonce };
}

/** Either the signed bytes, or the hash of a transaction that the wallet has sent itself. */
export type SignatureGiven = { id: string } & ({ signedTransaction: Hex } | { transactionHash: Hex });

/**
 * Takes what was signed elsewhere: compared with what was prepared, and then in the hands of the worker, who records it under
 * its nonce and sends it. What was only sent by the wallet is put together again from what a node knows of it, so that it can
 * be sent anew after a reorg.
 *
 * @throws AppError `not-found`, `signature-not-wanted`, `transaction-not-known`, `signed-transaction-…`
 */
export async function giveSignature(
  platform: Platform,
  context: ActionContext,
  given: SignatureGiven,
): Promise<Deployment> {
  const { ownerId } = context.actor;
  const { id } = given;
  const signable = await signableOf(platform.store.read, { ownerId, id });
  const raw =
    'signedTransaction' in given ? given.signedTransaction : await fetchSigned(platform, signable, given);
  const signed = await readSigned(raw);
  const place = { pointer: '/signedTransaction' };
  if (!signed) throw refused('signed-transaction-unreadable', {}, { place });
  const difference = checkSigned(signable.plan, signed);
  if (difference) throw difference;
  return perform(platform, context, async (tx) => {
    // Given twice, taken once.
    if (signable.known.includes(signed.hash)) return getDeployment(tx.sql, ownerId, id);
    const signature = { id: newId(), raw };
    if (!(await setSignature(tx, id, signature))) {
      const { status } = await getDeployment(tx.sql, ownerId, id);
      throw notWanted(id, status, 'it is over');
    }
    const data = { hash: signed.hash, nonce: signed.nonce };
    await appendEvent(tx, { subject: 'deployments', subjectId: id, type: 'signature-given', data });
    await dueNow(tx, { kind: 'deploy', subjectId: id });
    await recordAudit(tx, context, {
      action: 'deployment.signature-given',
      objectKind: 'deployment',
      objectId: id,
      data: { ...data, from: signed.from, chainId: signed.chainId },
    });
    return getDeployment(tx.sql, ownerId, id);
  });
}

async function signableOf(read: Reader, wanted: { ownerId: string; id: string }): Promise<Signable> {
  const found = await findSignable(read, wanted);
  if (!found) throw missing('not-found', { what: 'deployment', id: wanted.id });
  const { state, plan } = found;
  if (!plan.external) throw notWanted(wanted.id, state, 'its signer signs here');
  if (!isSignable(state)) throw notWanted(wanted.id, state, 'there is nothing to sign');
  return found;
}

async function fetchSigned(
  platform: Platform,
  { network }: Signable,
  { transactionHash: hash }: { transactionHash: Hex },
): Promise<Hex> {
  const chain = await platform.chains.connect(network);
  const raw = await chain.signedBytes(hash);
  if (!raw)
    throw fail('transaction-not-known', { network, hash }, { place: { pointer: '/transactionHash' } });
  return raw;
}

function notWanted(id: string, status: string, reason: string) {
  return fail('signature-not-wanted', { id, status, reason });
}
