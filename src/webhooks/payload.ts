import type { StoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { WebhookEvent } from './events.ts';

/** What is sent, in the shape that Standard Webhooks recommends. */
export interface WebhookPayload {
  type: string;
  /** When it happened, ISO 8601. */
  timestamp: string;
  data: Record<string, unknown>;
}

/**
 * Makes a message's body. Facts that would make it larger than `webhookPayloadBytesMax` are left out, and `truncated`
 * says so: the receiver can ask for the subject by its id.
 */
export function toPayload({ type, data }: WebhookEvent, at: Date): WebhookPayload {
  const payload = { type, timestamp: at.toISOString(), data };
  if (Buffer.byteLength(JSON.stringify(payload)) <= limits.webhookPayloadBytesMax) return payload;
  return { ...payload, data: { id: data.id, state: data.state, truncated: true } };
}

/** What a receiver learns of an error: its message could quote sources, so it stays here. */
export function toPublicError(error: StoredError | null): { code: string; title: string } | null {
  return error ? { code: error.code, title: error.title } : null;
}
