import { custodyOf } from '../chain/signers/index.ts';
import type { KeyEncryptionKey } from '../chain/types.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import type { Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { insertSigner, listSigners, type SignerRecord } from '../store/signers.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/**
 * Makes a signer with a fresh key, which is stored sealed and never shown.
 * @throws AppError `signer-name-taken`, `too-many-signers`
 */
export function createSigner(
  platform: Platform,
  context: ActionContext,
  request: { name: string },
): Promise<SignerRecord> {
  return perform(platform, context, async (tx) => {
    const { items } = await listSigners(tx.sql, context.actor.ownerId, { limit: limits.pageSizeMax });
    if (items.some((signer) => signer.name === request.name))
      throw fail('signer-name-taken', { name: request.name });
    if (items.length >= limits.signersPerOwnerMax)
      throw fail('too-many-signers', { max: limits.signersPerOwnerMax });
    const signer = await addSigner(tx, platform.keyEncryptionKey, {
      ...ownershipOf(context),
      name: request.name,
      isDevelopment: false,
    });
    await recordAudit(tx, context, {
      action: 'signer.created',
      objectKind: 'signer',
      objectId: signer.id,
      data: { name: signer.name, address: signer.address },
    });
    return signer;
  });
}

/**
 * Gives a new account its development signer: a fresh key for the local chain, funded there with play money when it
 * first deploys. In the transaction that makes the account.
 */
export function addDevelopmentSigner(tx: Tx, kek: KeyEncryptionKey, owner: Ownership): Promise<SignerRecord> {
  return addSigner(tx, kek, { ...owner, name: 'development', isDevelopment: true });
}

async function addSigner(
  tx: Tx,
  kek: KeyEncryptionKey,
  signer: Ownership & { name: string; isDevelopment: boolean },
): Promise<SignerRecord> {
  const id = newId();
  const sealedKey = custodyOf('local').create({ id, kek });
  await insertSigner(tx, { ...signer, id, address: sealedKey.address, sealedKey });
  return {
    id,
    name: signer.name,
    kind: 'local',
    address: sealedKey.address,
    isDevelopment: signer.isDevelopment,
    createdAt: new Date().toISOString(),
  };
}
