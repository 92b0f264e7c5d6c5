import { createHmac, timingSafeEqual } from 'node:crypto';

/** Messages older or newer than this are refused, so that a recorded one cannot be played back. */
const toleranceSeconds = 5 * 60;

/**
 * Finds out whether a webhook's request comes from Slipway (Standard Webhooks, https://www.standardwebhooks.com).
 *
 * @param secret what `POST /api/v1/webhooks` showed once, `whsec_…`
 * @param headers of the request, with names in lower case
 * @param body exactly as it arrived: text that was parsed and printed again has another signature
 * @param now for tests
 * @returns the message
 * @throws Error when it is not signed with the secret, or too old
 */
export function verifyWebhook(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  body: string,
  now = new Date(),
): { type: string; timestamp: string; data: Record<string, unknown> } {
  const id = String(headers['webhook-id'] ?? '');
  const timestamp = String(headers['webhook-timestamp'] ?? '');
  const signatures = String(headers['webhook-signature'] ?? '');
  if (!id || !/^\d+$/.test(timestamp) || !signatures) throw new Error('the signature headers are missing');
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) {
    throw new Error('the message is too old, or from the future');
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  // Several, separated by spaces, while a secret is being changed; other versions than v1 are not ours to judge.
  const matches = signatures.split(' ').some((signature) => {
    const [version, text = ''] = signature.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!matches) throw new Error('the message is not signed with this secret');
  return JSON.parse(body);
}
