import { z } from 'zod';
import { fail } from './errors.ts';
import type { Vault } from './types.ts';

/** One call; a row of nonces is locked while a signature is made. */
const secondsMax = 5;
const replyBytesMax = 65_536;

/** Where Vault is, and what may be done there. */
export interface VaultSettings {
  address: string;
  /** Asked for at each call: an agent may renew it. */
  token: () => string;
  /** Of a key-value store, version 2. */
  mount: string;
  namespace?: string | undefined;
}

const readReply = z.object({ data: z.object({ data: z.record(z.string(), z.unknown()) }) });

const dataKeyReply = z.object({ data: z.object({ plaintext: z.string(), ciphertext: z.string() }) });
const plainReply = z.object({ data: z.object({ plaintext: z.string() }) });

function keyOf(base64: string): Uint8Array {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) throw unavailable('its answer has no key of 32 bytes');
  return key;
}

/**
 * Makes a client of Vault's key-value store, version 2 (HTTP API `/v1/:mount/data/:path`), and of its transit
 * engine (`/v1/transit/…`). Redirects are not followed:
 * they would carry the token to a host nobody named.
 */
export function connectVault({ address, token, mount, namespace }: VaultSettings): Vault {
  const base = `${address.replace(/\/+$/, '')}/v1/`;
  const data = `${encodeURI(mount)}/data/`;

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(base + path, {
        method,
        headers: {
          'x-vault-token': token(),
          'x-vault-request': 'true',
          ...(namespace ? { 'x-vault-namespace': namespace } : {}),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(secondsMax * 1_000),
      });
      text = await response.text();
    } catch (error) {
      const isSlow = error instanceof Error && error.name === 'TimeoutError';
      throw unavailable(isSlow ? `no answer in ${secondsMax} s` : 'it cannot be reached', error);
    }
    if (response.status === 404) throw fail('vault-key-missing', { path });
    if (response.status === 400 && path.startsWith('transit/')) throw fail('vault-denied', { path });
    if (response.status === 400 && body) throw fail('vault-key-exists', { path });
    if (response.status === 401 || response.status === 403) throw fail('vault-denied', { path });
    if (!response.ok) throw unavailable(`it answered with HTTP ${response.status}`);
    if (text.length > replyBytesMax) throw unavailable('its answer is too long');
    try {
      return JSON.parse(text);
    } catch (error) {
      throw unavailable('its answer is no JSON', error);
    }
  }

  return {
    async read(path) {
      const reply = readReply.safeParse(await ask('GET', data + path));
      // A version that was deleted has no fields.
      if (!reply.success) throw fail('vault-key-missing', { path });
      return reply.data.data.data;
    },
    async create(path, fields) {
      await ask('POST', data + path, { options: { cas: 0 }, data: fields });
    },
    async newDataKey(name) {
      const reply = dataKeyReply.safeParse(
        await ask('POST', `transit/datakey/plaintext/${name}`, { bits: 256 }),
      );
      if (!reply.success) throw unavailable('its answer has no key');
      const { plaintext, ciphertext } = reply.data.data;
      return { plain: keyOf(plaintext), wrapped: ciphertext };
    },
    async openDataKey(name, wrapped) {
      const reply = plainReply.safeParse(
        await ask('POST', `transit/decrypt/${name}`, { ciphertext: wrapped }),
      );
      if (!reply.success) throw unavailable('its answer has no key');
      return keyOf(reply.data.data.plaintext);
    },
  };
}

function unavailable(reason: string, cause?: unknown) {
  return fail('vault-unavailable', { reason }, { cause, retryAfterSeconds: 2 });
}
