import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { getAddress, isAddressEqual, keccak256, type Hex as ViemHex } from 'viem';
import { generatePrivateKey, privateKeyToAddress, signTransaction } from 'viem/accounts';
import { invariant } from '../../lib/invariant.ts';
import { keepRecent } from '../../lib/recent.ts';
import { secp256k1Order } from '../ecdsa-der.ts';
import { fail } from '../errors.ts';
import { toViem } from '../to-viem.ts';
import type { Custody, Hex, KeyEncryptionKey, SealedBox, SealedKey, Signer } from '../types.ts';

/** Keys that the database keeps, encrypted by the envelope below. */
export const local: Custody = {
  kind: 'local',
  title: 'Encrypted in the database',
  create: async ({ id, privateKey }, { kek }) =>
    privateKey === undefined
      ? createKey({ id, kek })
      : sealKey({ id, kek, privateKey: validPrivateKey(privateKey) }),
  open: (stored, { kek }) => openSigner(stored as SealedKey, kek),
  reveal: (stored, { kek }) => unseal(stored as SealedKey, kek),
};

/** @returns the same. @throws AppError `private-key-invalid` for a number that is no key on secp256k1 (SEC 1, section 3.2.1) */
export function validPrivateKey(privateKey: Hex): Hex {
  const number = BigInt(privateKey);
  if (number > 0n && number < secp256k1Order) return privateKey;
  throw fail('private-key-invalid', {}, { place: { pointer: '/privateKey' } });
}

/** Makes a fresh secp256k1 key, which exists outside this module only sealed. @param options.id the signer's id */
export function createKey(options: { id: string; kek: KeyEncryptionKey }): SealedKey {
  return sealKey({ ...options, privateKey: generatePrivateKey() });
}

/**
 * Envelope encryption with AES-256-GCM: a random data key encrypts the private key, the key-encryption key wraps the
 * data key. Both boxes are bound to address and id, so that a row copied over another one does not open.
 *
 * @param options.privateKey 32 bytes of hex, for a key that is brought along
 */
export function sealKey(options: { id: string; privateKey: ViemHex; kek: KeyEncryptionKey }): SealedKey {
  const { id, privateKey, kek } = options;
  invariant(kek.key.length === 32, 'a key-encryption key has 32 bytes');
  const address = privateKeyToAddress(privateKey);
  const dataKey = randomBytes(32);
  const plain = Buffer.from(privateKey.slice(2), 'hex');
  try {
    return {
      version: 1,
      algorithm: 'AES-256-GCM',
      id,
      address,
      keyEncryptionKeyId: kek.id,
      wrappedDataKey: encrypt(kek.key, dataKey, bound('data-key', address, id)),
      key: encrypt(dataKey, plain, bound('private-key', address, id)),
    };
  } finally {
    dataKey.fill(0);
    plain.fill(0);
  }
}

/**
 * Opens a sealed key for signing. The private key stays inside the returned function's closure.
 *
 * @throws AppError `signing-key-locked` for another key-encryption key, `signing-key-damaged` when it does not open
 */
export function openSigner(sealed: SealedKey, kek: KeyEncryptionKey): Signer {
  const privateKey = unseal(sealed, kek);
  if (!isKeyOf(sealed, privateKey)) {
    throw fail('signing-key-damaged', { address: sealed.address, kek: kek.id });
  }
  return {
    address: getAddress(sealed.address),
    async signTransaction(transaction) {
      const raw = await signTransaction({ privateKey, transaction: toViem(transaction) });
      return { raw, hash: keccak256(raw) };
    },
  };
}

/** Boxes that were seen to hold the key of their address, by what seals them: to derive it takes as long as to sign. */
const seen = keepRecent<true>(10_000);

function isKeyOf({ address, id, key }: SealedKey, privateKey: ViemHex): boolean {
  const box = [address, id, key.iv, key.tag].join();
  if (seen.get(box)) return true;
  if (!isAddressEqual(privateKeyToAddress(privateKey), address)) return false;
  seen.set(box, true, 1);
  return true;
}

function unseal(sealed: SealedKey, kek: KeyEncryptionKey): ViemHex {
  if (sealed.keyEncryptionKeyId !== kek.id) {
    throw fail('signing-key-locked', {
      address: sealed.address,
      expected: sealed.keyEncryptionKeyId,
      given: kek.id,
    });
  }
  let dataKey: Buffer | undefined;
  let plain: Buffer | undefined;
  try {
    const address = getAddress(sealed.address);
    dataKey = decrypt(kek.key, sealed.wrappedDataKey, bound('data-key', address, sealed.id));
    plain = decrypt(dataKey, sealed.key, bound('private-key', address, sealed.id));
    return `0x${plain.toString('hex')}`;
  } catch {
    // The cause is left out on purpose: nothing about a key belongs in an error.
    throw fail('signing-key-damaged', { address: sealed.address, kek: kek.id });
  } finally {
    dataKey?.fill(0);
    plain?.fill(0);
  }
}

function bound(purpose: string, address: string, id: string): Buffer {
  return Buffer.from(JSON.stringify(['slipway-signer', 1, purpose, address.toLowerCase(), id]));
}

function encrypt(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): SealedBox {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return {
    iv: iv.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

function decrypt(key: Uint8Array, box: SealedBox, aad: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.iv, 'base64'), { authTagLength: 16 });
  decipher.setAAD(aad).setAuthTag(Buffer.from(box.tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(box.ciphertext, 'base64')), decipher.final()]);
}
