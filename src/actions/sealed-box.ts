import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyEncryptionKey } from '../chain/types.ts';
import { invariant } from '../lib/invariant.ts';

/** A secret as it lies in the database: AES-256-GCM (NIST SP 800-38D), all parts in base64. */
export interface SealedBox {
  /** Which key-encryption key opens it. */
  keyEncryptionKeyId: string;
  iv: string;
  tag: string;
  data: string;
}

/** @param purpose is bound to the box: a box copied to another row does not open there */
export function sealBox(kek: KeyEncryptionKey, secret: Uint8Array, purpose: string): SealedBox {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', kek.key, iv).setAAD(Buffer.from(purpose));
  const data = Buffer.concat([cipher.update(secret), cipher.final()]);
  return {
    keyEncryptionKeyId: kek.id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

/** @throws InvariantError when the box was sealed under another key; Error when it was altered */
export function openBox(kek: KeyEncryptionKey, box: SealedBox, purpose: string): Buffer {
  invariant(
    box.keyEncryptionKeyId === kek.id,
    `a stored secret needs the key-encryption key ${box.keyEncryptionKeyId}, but this server has ${kek.id}`,
  );
  const decipher = createDecipheriv('aes-256-gcm', kek.key, Buffer.from(box.iv, 'base64'))
    .setAAD(Buffer.from(purpose))
    .setAuthTag(Buffer.from(box.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(box.data, 'base64')), decipher.final()]);
}
