import { createCipheriv, createDecipheriv, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generatePrivateKey, privateKeyToAccount, sign } from 'viem/accounts';

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const region = 'eu-central-1';

/** A key as KMS has it. */
export interface KmsTestKey {
  arn: string;
  address: `0x${string}`;
  spec: string;
  usage: string;
  enabled: boolean;
  tags: Record<string, string>;
}

/** What KMS was asked. */
export interface KmsCall {
  operation: string;
  body: Record<string, unknown>;
}

export interface KmsServer {
  url: string;
  region: string;
  calls: KmsCall[];
  /** Makes a key with these tags. */
  addKey(tags?: Record<string, string>, change?: Partial<KmsTestKey>): KmsTestKey;
  /** Decides on a call in place of the service; undefined leaves it to the service. */
  intercept: ((call: KmsCall) => KmsFailure | 'silence' | undefined) | null;
  stop(): Promise<void>;
}

export interface KmsFailure {
  status: number;
  type: string;
  message: string;
}

/**
 * Speaks the protocol of AWS KMS (JSON 1.1 over HTTP, the operation in `X-Amz-Target`, requests signed for the region and
 * the service) with real keys on secp256k1. Every second signature has a high s, as half of those of the real one.
 */
export async function startKmsServer(): Promise<KmsServer> {
  const keys: (KmsTestKey & { privateKey: `0x${string}` })[] = [];
  let signatures = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const call = { operation, body: JSON.parse(text) as Record<string, unknown> };
    kms.calls.push(call);
    const meddled = kms.intercept?.(call);
    if (meddled === 'silence') return;
    const scope = new RegExp(`Credential=AKIA\\w+/\\d{8}/${region}/kms/aws4_request`);
    const reply = scope.test(request.headers.authorization ?? '')
      ? (meddled ?? (await answer(call)))
      : failure(400, 'IncompleteSignatureException', 'not signed for this service and region');
    const isFailure = 'status' in reply && 'type' in reply;
    response.writeHead(isFailure ? Number(reply['status']) : 200, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': randomUUID(),
    });
    response.end(JSON.stringify(isFailure ? { __type: reply['type'], message: reply['message'] } : reply));
  });

  async function answer({ operation, body }: KmsCall): Promise<Record<string, unknown> | KmsFailure> {
    const wanted = String(body['KeyId']);
    const key = keys.find(({ arn }) => arn === wanted || arn.endsWith(`/${wanted}`));
    if (!key) return failure(400, 'NotFoundException', `Key '${wanted}' does not exist`);
    if (operation === 'ListResourceTags') return listTags(key, body['Marker'] as string | undefined);
    if (!key.enabled) return failure(400, 'DisabledException', `${key.arn} is disabled.`);
    if (operation === 'GetPublicKey') {
      const { arn: KeyId, spec: KeySpec, usage: KeyUsage } = key;
      const PublicKey = subjectPublicKeyInfo(key.privateKey).toString('base64');
      return { KeyId, KeySpec, KeyUsage, PublicKey, SigningAlgorithms: ['ECDSA_SHA_256'] };
    }
    if (operation === 'GenerateDataKey') {
      if (body['KeySpec'] !== 'AES_256') return failure(400, 'ValidationException', 'KeySpec');
      const plain = randomBytes(32);
      const CiphertextBlob = seal(key.privateKey, plain, body['EncryptionContext']).toString('base64');
      return { KeyId: key.arn, Plaintext: plain.toString('base64'), CiphertextBlob };
    }
    if (operation === 'Decrypt') {
      const blob = Buffer.from(String(body['CiphertextBlob']), 'base64');
      const plain = unseal(key.privateKey, blob, body['EncryptionContext']);
      if (!plain) return failure(400, 'InvalidCiphertextException', '');
      return { KeyId: key.arn, Plaintext: plain.toString('base64') };
    }
    if (operation !== 'Sign') return failure(400, 'UnknownOperationException', operation);
    const digest = Buffer.from(String(body['Message']), 'base64');
    if (
      body['MessageType'] !== 'DIGEST' ||
      body['SigningAlgorithm'] !== 'ECDSA_SHA_256' ||
      digest.length !== 32
    ) {
      return failure(400, 'ValidationException', 'Digest is of wrong length');
    }
    const { r, s } = await sign({ hash: `0x${digest.toString('hex')}`, privateKey: key.privateKey });
    signatures += 1;
    const low = BigInt(s);
    const Signature = toDer(BigInt(r), signatures % 2 === 0 ? order - low : low).toString('base64');
    return { KeyId: key.arn, Signature, SigningAlgorithm: 'ECDSA_SHA_256' };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kms: KmsServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    calls: [],
    addKey(tags = {}, change = {}) {
      const privateKey = generatePrivateKey();
      const key = {
        arn: `arn:aws:kms:${region}:111122223333:key/${randomUUID()}`,
        address: privateKeyToAccount(privateKey).address,
        ...{ spec: 'ECC_SECG_P256K1', usage: 'SIGN_VERIFY', enabled: true, tags },
        ...change,
      };
      keys.push(Object.assign(key, { privateKey }));
      return key;
    },
    intercept: null,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return kms;
}

/** The SDK finds them in the environment, as on any server. @returns what puts the environment back */
export function setAwsCredentials(): () => void {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
  });
  return () => {
    process.env = before;
  };
}

/** Two a page, so that whoever reads them has to turn the page. */
function listTags({ tags }: KmsTestKey, marker: string | undefined) {
  const all = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const from = Number(marker ?? 0);
  const more = all.length > from + 2;
  return {
    Tags: all.slice(from, from + 2),
    Truncated: more,
    ...(more ? { NextMarker: String(from + 2) } : {}),
  };
}

function failure(status: number, type: string, message: string): KmsFailure {
  return { status, type, message };
}

function subjectPublicKeyInfo(privateKey: `0x${string}`): Buffer {
  const point = Buffer.from(privateKeyToAccount(privateKey).publicKey.slice(4), 'hex');
  const [x, y] = [point.subarray(0, 32), point.subarray(32)].map((part) => part.toString('base64url'));
  const key = createPublicKey({ key: { kty: 'EC', crv: 'secp256k1', x, y }, format: 'jwk' } as never);
  return key.export({ format: 'der', type: 'spki' });
}

function toDer(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
    return Buffer.concat([Buffer.from([0x02, signed.length]), signed]);
  };
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

/** As KMS does: with AES-256-GCM, and the encryption context as additional data. */
function seal(key: `0x${string}`, plain: Buffer, context: unknown): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key.slice(2), 'hex'), iv);
  cipher.setAAD(Buffer.from(JSON.stringify(context ?? {})));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
}

function unseal(key: `0x${string}`, blob: Buffer, context: unknown): Buffer | null {
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key.slice(2), 'hex'), blob.subarray(0, 12));
    decipher.setAAD(Buffer.from(JSON.stringify(context ?? {}))).setAuthTag(blob.subarray(12, 28));
    return Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]);
  } catch {
    return null;
  }
}
