import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader, errors, type JWK, jwtVerify, SignJWT } from 'jose';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import type { Store } from '../store/db.ts';
import {
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  type SigningKey,
} from '../store/signing-keys.ts';
import { fail } from './account-errors.ts';
import type { Platform } from './platform.ts';
import { openBox, type SealedBox, sealBox } from './sealed-box.ts';

/** RFC 9068: an access token says that it is one, so that no other token of ours passes for it. */
const tokenType = 'at+jwt';
const algorithm = 'EdDSA';
/** A token with an unknown key makes us read the keys again, at most this often. */
const reloadMs = 5_000;
const provenMax = 10_000;

interface Ring {
  loadedAt: number;
  signing: { kid: string; key: KeyObject } | null;
  verifying: Map<string, KeyObject>;
  publicJwks: Record<string, unknown>[];
  /** Tokens whose signature was checked, by their whole text: the same proof need not be made for every request. */
  proven: Map<string, Claims>;
}

interface Claims {
  userId: string;
  sessionId: string;
  expiresAtMs: number;
}

const rings = new WeakMap<Store, Promise<Ring>>();

type Keys = Pick<Platform, 'store' | 'keyEncryptionKey' | 'settings' | 'log'>;

/** @returns a signed token for 15 minutes; the first call of an installation makes and stores the signing key */
export async function issueAccessToken(
  platform: Keys,
  claims: { userId: string; sessionId: string },
): Promise<string> {
  const { signing } = await signingRing(platform);
  return new SignJWT({ sid: claims.sessionId })
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: signing.kid })
    .setSubject(claims.userId)
    .setIssuer(platform.settings.issuer)
    .setAudience(platform.settings.issuer)
    .setJti(newId())
    .setIssuedAt()
    .setExpirationTime(`${limits.accessTokenSeconds}s`)
    .sign(signing.key);
}

/**
 * Checks everything about a token but whether its session still stands.
 * @throws AppError a code of its own for each way in which a token can be wrong
 */
export async function readAccessToken(
  platform: Keys,
  token: string,
): Promise<{ userId: string; sessionId: string }> {
  const { proven } = await currentRing(platform);
  const known = proven.get(token);
  if (known && known.expiresAtMs > Date.now()) return known;
  const claims = await proveToken(platform, token);
  if (proven.size >= provenMax) proven.delete(proven.keys().next().value as string);
  proven.set(token, claims);
  return claims;
}

async function proveToken(platform: Keys, token: string): Promise<Claims> {
  const header = readHeader(token);
  if (header.alg !== algorithm) {
    throw fail('token-algorithm-refused', { algorithm: String(header.alg ?? 'nothing') });
  }
  const key = await verifyingKey(platform, header.kid ?? '');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      typ: tokenType,
      issuer: platform.settings.issuer,
      audience: platform.settings.issuer,
      requiredClaims: ['sub', 'sid', 'exp'],
    });
    const { sub, sid, exp = 0 } = payload;
    return { userId: String(sub), sessionId: String(sid), expiresAtMs: exp * 1000 };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw fail('token-expired');
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw fail('token-claims-invalid', { claim: error.claim });
    }
    if (error instanceof errors.JOSEError) throw fail('token-signature-invalid', {}, { cause: error });
    throw error;
  }
}

/**
 * Signs bytes with the installation's key (Ed25519). They must begin with something that no token begins with: DSSE's
 * encoding does.
 */
export async function signBytes(
  platform: Keys,
  bytes: Uint8Array,
): Promise<{ kid: string; signature: Buffer }> {
  const { signing } = await signingRing(platform);
  return { kid: signing.kid, signature: sign(null, bytes, signing.key) };
}

/** The public keys, for whoever checks our tokens (RFC 7517). */
export async function publicKeySet(platform: Keys): Promise<{ keys: Record<string, unknown>[] }> {
  return { keys: (await signingRing(platform)).publicJwks };
}

function readHeader(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    throw fail('credentials-malformed', {}, { cause: error });
  }
}

async function verifyingKey(platform: Keys, kid: string): Promise<KeyObject> {
  let ring = await currentRing(platform);
  if (!ring.verifying.has(kid) && performance.now() - ring.loadedAt > reloadMs) {
    rings.delete(platform.store);
    ring = await currentRing(platform);
  }
  const key = ring.verifying.get(kid);
  if (!key) throw fail('token-key-unknown');
  return key;
}

async function signingRing(platform: Keys): Promise<Ring & { signing: NonNullable<Ring['signing']> }> {
  let ring = await currentRing(platform);
  if (!ring.signing) {
    await createKey(platform);
    rings.delete(platform.store);
    ring = await currentRing(platform);
  }
  if (!ring.signing) throw new Error('no signing key after one was made');
  return { ...ring, signing: ring.signing };
}

function currentRing(platform: Keys): Promise<Ring> {
  const known = rings.get(platform.store);
  if (known) return known;
  const loading = listSigningKeys(platform.store.read).then((keys) => toRing(platform, keys));
  rings.set(platform.store, loading);
  // A failed load is not remembered: the database may have been away.
  loading.catch(() => rings.delete(platform.store));
  return loading;
}

function toRing(platform: Keys, keys: SigningKey[]): Ring {
  return {
    loadedAt: performance.now(),
    signing: findSigningKey(platform, keys),
    verifying: new Map(
      keys.map((key) => [key.kid, createPublicKey({ key: key.publicJwk as JWK, format: 'jwk' })]),
    ),
    publicJwks: keys.map((key) => key.publicJwk),
    proven: new Map(),
  };
}

/**
 * The newest key that we can open. One that was sealed under a key-encryption key that is lost still proves old
 * tokens; it is worth nothing more, so a new one takes its place and logins go on.
 */
function findSigningKey(platform: Keys, keys: SigningKey[]): Ring['signing'] {
  for (const key of keys.filter(({ retired }) => !retired)) {
    try {
      const sealed = key.privateSealed as SealedBox;
      const der = openBox(platform.keyEncryptionKey, sealed, `signing-key:${key.kid}`);
      return { kid: key.kid, key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
    } catch (error) {
      platform.log.warn({ err: error, kid: key.kid }, 'a signing key of access tokens cannot be opened');
    }
  }
  return null;
}

async function createKey(platform: Keys): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(jwk);
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  await platform.store.transaction(async (tx) => {
    await lockSigningKeys(tx);
    if (findSigningKey(platform, await listSigningKeys(tx.sql))) return;
    await insertSigningKey(tx, {
      kid,
      algorithm,
      publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
      privateSealed: sealBox(platform.keyEncryptionKey, der, `signing-key:${kid}`),
    });
  });
}
