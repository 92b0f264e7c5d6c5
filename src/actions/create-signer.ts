import { isAddressEqual } from 'viem';
import { custodyOf } from '../chain/signers/index.ts';
import type { CustodyParts, Hex, KeyEncryptionKey, StoredKey } from '../chain/types.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import type { Tx } from '../store/db.ts';
import type { Ownership } from '../store/generations.ts';
import { insertSigner, keyIdOf, listSigners, type SignerKind, type SignerRecord } from '../store/signers.ts';
import { fail } from './errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import { ownershipOf } from './request-generation.ts';

/** What a signer is made from: a fresh key, sealed in the database, unless another custody is named. */
export interface SignerRequest {
  name: string;
  kind?: SignerKind | undefined;
  /** Of a key that is there already. */
  keyId?: string | undefined;
  /** One that its owner brings along. */
  privateKey?: Hex | undefined;
  /** Of a key that stays with its owner. */
  address?: Hex | undefined;
}

/**
 * Makes a signer. Its key is never shown.
 * @throws AppError `signer-name-taken`, `signer-address-taken`, `too-many-signers`, and those of the custody
 */
export function createSigner(
  platform: Platform,
  context: ActionContext,
  request: SignerRequest,
): Promise<SignerRecord> {
  return perform(platform, context, async (tx) => {
    const { items } = await listSigners(tx.sql, context.actor.ownerId, { limit: limits.pageSizeMax });
    if (items.some((signer) => signer.name === request.name))
      throw fail('signer-name-taken', { name: request.name });
    if (items.length >= limits.signersPerOwnerMax)
      throw fail('too-many-signers', { max: limits.signersPerOwnerMax });
    const { name, kind = 'local', ...given } = request;
    const id = newId();
    const { ownerId } = context.actor;
    const key = await custodyOf(kind).create({ id, ownerId, ...given }, custodyParts(platform));
    const taken = items.find(({ address }) => isAddressEqual(address, key.address));
    if (taken) throw fail('signer-address-taken', { address: key.address, name: taken.name });
    const signer = await addSigner(tx, key, {
      ...{ id, kind, name, isDevelopment: false },
      ...ownershipOf(context),
    });
    await recordAudit(tx, context, {
      action: given.privateKey === undefined ? 'signer.created' : 'signer.imported',
      objectKind: 'signer',
      objectId: signer.id,
      data: {
        ...{ name: signer.name, kind, address: signer.address },
        ...(given.keyId === undefined ? {} : { keyId: given.keyId }),
      },
    });
    return signer;
  });
}

/**
 * Gives a new account its development signer: a fresh key for the local chain, funded there with play money when it
 * first deploys. In the transaction that makes the account.
 */
export async function addDevelopmentSigner(
  tx: Tx,
  kek: KeyEncryptionKey,
  owner: Ownership,
): Promise<SignerRecord> {
  const id = newId();
  const key = await custodyOf('local').create(
    { id, ownerId: owner.ownerId },
    { kek, kms: null, vault: null },
  );
  return addSigner(tx, key, { ...owner, id, kind: 'local', name: 'development', isDevelopment: true });
}

async function addSigner(
  tx: Tx,
  key: StoredKey,
  signer: Ownership & { id: string; kind: SignerKind; name: string; isDevelopment: boolean },
): Promise<SignerRecord> {
  const { id, name, kind, isDevelopment } = signer;
  await insertSigner(tx, { ...signer, address: key.address, storedKey: key });
  const createdAt = new Date().toISOString();
  return { id, name, kind, address: key.address, keyId: keyIdOf(key), isDevelopment, policy: {}, createdAt };
}

/** @returns what custodies need to open and to make keys */
export function custodyParts(platform: Pick<Platform, 'keyEncryptionKey' | 'kms' | 'vault'>): CustodyParts {
  const { keyEncryptionKey, kms, vault } = platform;
  return { kek: keyEncryptionKey, kms, vault };
}
