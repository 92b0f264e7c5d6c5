import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** Bytes of a new secret; Standard Webhooks asks for 24 to 64. */
const secretBytes = 32;

/** Makes a signing secret: `whsec_` and random bytes in base64 (Standard Webhooks, symmetric signatures). */
export function newSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`;
}

/**
 * Signs a message as Standard Webhooks says: HMAC-SHA256 over id, time and body.
 *
 * @param message.at when this attempt is made; receivers refuse old ones, so that a recorded request is of no use
 * @returns the three headers that a receiver verifies
 */
export function signedHeaders(
  secret: string,
  message: { id: string; at: Date; body: string },
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { id, at, body } = message;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}
