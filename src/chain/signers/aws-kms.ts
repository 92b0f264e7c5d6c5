import { createPublicKey } from 'node:crypto';
import {
  hexToBytes,
  isAddressEqual,
  keccak256,
  recoverAddress,
  serializeTransaction,
  type Hex as ViemHex,
} from 'viem';
import { publicKeyToAddress } from 'viem/accounts';
import { readEcdsaSignature, toLowS } from '../ecdsa-der.ts';
import { fail } from '../errors.ts';
import { toViem } from '../to-viem.ts';
import type { Custody, CustodyParts, Hex, Kms, KmsKey, NewKey, Signer } from '../types.ts';

/** Whose signer a key may be: the operator's credentials reach keys of many people. */
const ownerTag = 'slipway:owner';

/** Keys in AWS KMS: made there by the operator, and never seen here. */
export const awsKms: Custody = {
  kind: 'aws-kms',
  title: 'AWS KMS',
  create: admitKey,
  open: (stored, parts) => openKey(stored as KmsKey, kmsOf(parts)),
};

function kmsOf({ kms }: CustodyParts): Kms {
  if (kms) return kms;
  throw fail('custody-not-configured', { custody: awsKms.title, setting: 'SLIPWAY_AWS_KMS_REGION' });
}

/**
 * A key is taken where it can sign for Ethereum and says, by its tag, that it is this owner's. Without that, whoever knows
 * the ARN of somebody else's key could sign with it, as the credentials are the operator's (a confused deputy).
 */
async function admitKey({ ownerId, keyId: wanted }: NewKey, parts: CustodyParts): Promise<KmsKey> {
  const kms = kmsOf(parts);
  if (wanted === undefined) throw fail('kms-key-needed', {}, { place: { pointer: '/keyId' } });
  const { keyId, spec, usage, der } = await kms.publicKey(wanted);
  if (spec !== 'ECC_SECG_P256K1' || usage !== 'SIGN_VERIFY') {
    throw fail('kms-key-unsuitable', { key: keyId, spec, usage }, { place: { pointer: '/keyId' } });
  }
  const tags = await kms.tags(keyId);
  if (tags[ownerTag] !== ownerId) {
    throw fail('kms-key-not-admitted', { key: keyId, owner: ownerId }, { place: { pointer: '/keyId' } });
  }
  return { version: 1, keyId, address: addressOf(der) };
}

function addressOf(der: Uint8Array): Hex {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = [x, y].map((part) => Buffer.from(part, 'base64url').toString('hex').padStart(64, '0'));
  return publicKeyToAddress(`0x04${point.join('')}`);
}

function openKey({ keyId, address }: KmsKey, kms: Kms): Signer {
  return {
    address,
    async signTransaction(transaction) {
      const unsigned = toViem(transaction);
      const digest = keccak256(serializeTransaction(unsigned));
      const der = await kms.sign(keyId, hexToBytes(digest));
      const raw = serializeTransaction(unsigned, await toSignature(der, { digest, address, keyId }));
      return { raw, hash: keccak256(raw) };
    },
  };
}

/**
 * KMS does not say which of the two points the signature belongs to, and gives high values of s in half of the cases,
 * which Ethereum refuses (EIP-2).
 */
async function toSignature(der: Uint8Array, of: { digest: ViemHex; address: Hex; keyId: string }) {
  const found = readEcdsaSignature(der);
  if (found) {
    const { r, s } = toLowS(found);
    for (const yParity of [0, 1] as const) {
      const signature = { r, s, yParity, v: 27n + BigInt(yParity) };
      const signer = await recoverAddress({ hash: of.digest, signature }).catch(() => null);
      if (signer && isAddressEqual(signer, of.address)) return signature;
    }
  }
  throw fail('kms-signature-wrong', { key: of.keyId, address: of.address });
}
