import type { KMSClient } from '@aws-sdk/client-kms';
import { fail } from './errors.ts';
import type { Kms } from './types.ts';

/** One call with its repetitions: a row of nonces is locked while a signature is made. */
const secondsMax = 5;
const tagPagesMax = 10;

/** Bound to what is wrapped, and in the log of KMS: what is made for us opens for nothing else. */
const context = { purpose: 'slipway-master-key' };

/** Where KMS is; the credentials are those that the AWS SDK finds (environment, files, roles). */
export interface KmsSettings {
  region: string;
  /** Instead of Amazon's own, for private endpoints. */
  endpoint?: string | undefined;
}

/** Makes the client; the SDK is loaded with the first call, as most installations never make one. */
export function connectKms({ region, endpoint }: KmsSettings): Kms {
  let loading: ReturnType<typeof load> | undefined;

  async function load() {
    const sdk = await import('@aws-sdk/client-kms');
    const client = new sdk.KMSClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      maxAttempts: 3,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
    });
    return { sdk, client };
  }

  async function ask<Reply>(
    keyId: string,
    call: (
      sdk: Awaited<ReturnType<typeof load>>['sdk'],
      client: KMSClient,
      options: { abortSignal: AbortSignal },
    ) => Promise<Reply>,
  ): Promise<Reply> {
    loading ??= load();
    const { sdk, client } = await loading;
    try {
      return await call(sdk, client, { abortSignal: AbortSignal.timeout(secondsMax * 1_000) });
    } catch (error) {
      throw toAppError(error, keyId);
    }
  }

  return {
    async publicKey(keyId) {
      const reply = await ask(keyId, (sdk, client, options) =>
        client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }), options),
      );
      const { KeyId, KeySpec = '', KeyUsage = '', PublicKey } = reply;
      if (!KeyId || !PublicKey) throw fail('kms-unavailable', { reason: 'a reply without a public key' });
      return { keyId: KeyId, spec: KeySpec, usage: KeyUsage, der: PublicKey };
    },
    async tags(keyId) {
      const tags: Record<string, string> = {};
      let marker: string | undefined;
      for (let page = 0; page < tagPagesMax; page += 1) {
        const reply = await ask(keyId, (sdk, client, options) =>
          client.send(
            new sdk.ListResourceTagsCommand({ KeyId: keyId, ...(marker ? { Marker: marker } : {}) }),
            options,
          ),
        );
        for (const { TagKey, TagValue } of reply.Tags ?? []) if (TagKey) tags[TagKey] = TagValue ?? '';
        if (!reply.Truncated || !reply.NextMarker) break;
        marker = reply.NextMarker;
      }
      return tags;
    },
    async sign(keyId, digest) {
      const { Signature } = await ask(keyId, (sdk, client, options) =>
        client.send(
          new sdk.SignCommand({
            ...{ KeyId: keyId, Message: digest, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' },
          }),
          options,
        ),
      );
      if (!Signature) throw fail('kms-unavailable', { reason: 'a reply without a signature' });
      return Signature;
    },
    async newDataKey(keyId) {
      const reply = await ask(keyId, (sdk, client, options) =>
        client.send(
          new sdk.GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context }),
          options,
        ),
      );
      const { Plaintext: plain, CiphertextBlob: wrapped } = reply;
      if (plain?.length !== 32 || !wrapped)
        throw fail('kms-unavailable', { reason: 'a reply without a key' });
      return { plain, wrapped: Buffer.from(wrapped).toString('base64') };
    },
    async openDataKey(keyId, wrapped) {
      const CiphertextBlob = Buffer.from(wrapped, 'base64');
      const { Plaintext } = await ask(keyId, (sdk, client, options) =>
        client.send(
          new sdk.DecryptCommand({ KeyId: keyId, CiphertextBlob, EncryptionContext: context }),
          options,
        ),
      );
      if (Plaintext?.length !== 32) throw fail('kms-unavailable', { reason: 'a reply without a key' });
      return Plaintext;
    },
  };
}

/** Names of the service's errors, by what they mean to whoever signs. */
const codes: Record<string, 'kms-key-not-found' | 'kms-denied' | 'kms-key-disabled' | 'kms-key-unsuitable'> =
  {
    NotFoundException: 'kms-key-not-found',
    InvalidArnException: 'kms-key-not-found',
    ValidationException: 'kms-key-not-found',
    AccessDeniedException: 'kms-denied',
    UnrecognizedClientException: 'kms-denied',
    InvalidSignatureException: 'kms-denied',
    ExpiredTokenException: 'kms-denied',
    CredentialsProviderError: 'kms-denied',
    DisabledException: 'kms-key-disabled',
    KMSInvalidStateException: 'kms-key-disabled',
    InvalidKeyUsageException: 'kms-key-unsuitable',
    UnsupportedOperationException: 'kms-key-unsuitable',
    InvalidCiphertextException: 'kms-denied',
    IncorrectKeyException: 'kms-denied',
  };

function toAppError(error: unknown, key: string) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const code = codes[name];
  const details = { cause: error };
  if (code === 'kms-key-unsuitable') return fail(code, { key, spec: 'a key', usage: name }, details);
  // What AWS says of a refusal names the operator's account and role, which is nobody else's business.
  if (code) return fail(code, { key, reason: code === 'kms-denied' ? name : message || name }, details);
  // Throttled, overloaded, or not reached in time.
  const reason = name === 'TimeoutError' || name === 'AbortError' ? `no answer in ${secondsMax} s` : message;
  return fail('kms-unavailable', { reason: reason || name }, { ...details, retryAfterSeconds: 2 });
}
