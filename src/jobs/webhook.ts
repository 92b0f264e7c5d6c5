import { openWebhookSecret } from '../actions/create-webhook.ts';
import type { Platform } from '../actions/platform.ts';
import { AppError, type StoredError, toStoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import type { Outcome } from '../queue/finish.ts';
import type { JobHandler } from '../queue/worker.ts';
import {
  type DeliveryStatus,
  type DeliveryWork,
  loadDelivery,
  postponeDelivery,
  recordAttempt,
  type WebhookAttempt,
} from '../store/webhook-deliveries.ts';
import { disableWebhook, holdWebhook, releaseWebhook, takeProbe } from '../store/webhooks.ts';
import { fail } from '../webhooks/errors.ts';
import { type PostReply, post, type Resolve } from '../webhooks/post.ts';
import { hostOf } from '../webhooks/read-url.ts';
import { type RetryState, readRetryAfter, retryDelayMs } from '../webhooks/retry-delay.ts';
import { signedHeaders } from '../webhooks/sign.ts';

/** What a test may want otherwise. */
export interface WebhookOptions {
  timeoutMs?: number;
  delayMs?: (state: RetryState) => number | null;
  resolve?: Resolve;
}

type Settings = Required<Omit<WebhookOptions, 'resolve'>> & Pick<WebhookOptions, 'resolve'>;

/** Time for an attempt's end to be written down before another delivery may find out about a silent receiver. */
const probeGraceMs = 1_000;

/**
 * Delivers one message: one attempt, which either ends the delivery or puts it back into the queue until the next. The
 * attempt is written down in the transaction that ends the job's run. A worker that dies in between sends the message
 * again with the same id: receivers tell by it that they had it already.
 */
export function webhook(platform: Platform, options: WebhookOptions = {}): JobHandler {
  const settings = { timeoutMs: limits.webhookTimeoutSeconds * 1000, delayMs: retryDelayMs, ...options };
  return async (job, { signal, log }) => {
    const delivery = await loadDelivery(platform.store.read, job.subjectId);
    const stop = reasonToStop(delivery);
    if (stop) return { state: 'failed', error: stop };
    const turn = await takeTurn(platform, delivery, settings);
    if (turn === 'held') return postponed(delivery, settings);
    const at = new Date();
    const started = performance.now();
    const result = await attempt(platform, delivery, { at, signal, settings });
    const record: WebhookAttempt = {
      at: at.toISOString(),
      status: result.reply?.status ?? null,
      error: result.error?.code ?? null,
      milliseconds: Math.round(performance.now() - started),
      reply: result.reply?.text ?? null,
    };
    log(result.error ? 'warn' : 'info', result.error?.message ?? `answered ${record.status}`, {
      milliseconds: record.milliseconds,
    });
    const run = { at, random: Math.random(), isProbe: turn === 'probe', settings };
    await noteReceiver(platform, delivery, result, run);
    return toOutcome(delivery, result, { ...run, record });
  };
}

/** A delivery may have lost its receiver since its job was written. */
function reasonToStop({ status, error, webhook }: DeliveryWork): StoredError | null {
  if (webhook.deleted) return toStoredError(fail('webhook-deleted'));
  if (webhook.disabled) return toStoredError(fail('webhook-disabled'));
  if (status === 'pending') return null;
  return error ?? toStoredError(fail('webhook-delivery-cancelled'));
}

/**
 * An attempt at a receiver that does not answer holds a place of its owner for as long as it may, and many would keep
 * the owner's other webhooks waiting. So one delivery finds out whether it is back, and the others wait for that.
 */
async function takeTurn(
  platform: Platform,
  { webhook, elapsedMs }: DeliveryWork,
  { timeoutMs }: Settings,
): Promise<'free' | 'probe' | 'held'> {
  // The last attempt of a delivery is made whatever is known of the receiver.
  if (webhook.silences === 0 || elapsedMs >= limits.webhookRetrySeconds * 1000) return 'free';
  if (webhook.heldMs > 0) return 'held';
  return (await takeProbe(platform.store.read, webhook.id, timeoutMs + probeGraceMs)) ? 'probe' : 'held';
}

function postponed({ id, webhook, elapsedMs }: DeliveryWork, { timeoutMs }: Settings): Outcome {
  const leftMs = limits.webhookRetrySeconds * 1000 - elapsedMs;
  // A little later than it is free again, and not all at once: the first to come finds out for the others.
  const afterMs = Math.ceil(Math.min(leftMs, (webhook.heldMs || timeoutMs) * (1 + Math.random() / 5)));
  const host = hostOf(new URL(webhook.url));
  return {
    state: 'queued',
    afterMs,
    error: toStoredError(fail('webhook-held', { host, silences: webhook.silences })),
    write: (tx) => postponeDelivery(tx, id, afterMs),
  };
}

/** How one attempt went: `reply` when the receiver answered, `error` when it did not take the message. */
interface Result {
  reply?: PostReply;
  error?: AppError;
}

async function attempt(
  platform: Platform,
  { id, payload, webhook }: DeliveryWork,
  { at, signal, settings }: { at: Date; signal: AbortSignal; settings: Settings },
): Promise<Result> {
  const url = new URL(webhook.url);
  const body = JSON.stringify(payload);
  try {
    const reply = await post({
      url,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Slipway-Webhooks',
        ...signedHeaders(openWebhookSecret(platform, webhook), { id, at, body }),
      },
      body,
      privateAddresses: platform.settings.webhookPrivate,
      timeoutMs: settings.timeoutMs,
      replyBytesMax: limits.webhookReplyBytesMax,
      signal,
      ...(settings.resolve ? { resolve: settings.resolve } : {}),
    });
    return judgeReply(reply, hostOf(url));
  } catch (error) {
    if (!(error instanceof AppError) || signal.aborted) throw error;
    return { error };
  }
}

/** Only 2xx counts as received (Standard Webhooks). */
function judgeReply(reply: PostReply, host: string): Result {
  const { status } = reply;
  if (status >= 200 && status < 300) return { reply };
  if (status === 410) return { reply, error: fail('webhook-gone', { host }) };
  const code = status >= 300 && status < 400 ? 'webhook-redirected' : 'webhook-refused';
  return { reply, error: fail(code, { host, status }) };
}

interface Run {
  at: Date;
  random: number;
  isProbe: boolean;
  settings: Settings;
}

/**
 * Remembers of the receiver what its other deliveries have to know. Each in a statement of its own: several attempts end
 * in one transaction, and rows that they share would be locked in any order.
 */
async function noteReceiver(
  { store }: Platform,
  { webhook }: DeliveryWork,
  { reply, error }: Result,
  { at, random, isProbe, settings }: Run,
): Promise<void> {
  const { id, silences } = webhook;
  if (error?.code === 'webhook-gone') await disableWebhook(store.read, id, 'gone');
  const isSilent = error?.retryable === true && (!reply || isBusy(reply));
  const retryAfterSeconds = waitAskedFor(reply, at);
  const forMs = isSilent
    ? settings.delayMs({ failures: silences + 1, elapsedMs: 0, random, retryAfterSeconds })
    : null;
  if (forMs !== null) await holdWebhook(store.read, { id, forMs, isProbe });
  else if (silences > 0) await releaseWebhook(store.read, id);
}

function isBusy({ status }: PostReply): boolean {
  return status === 429 || status === 503;
}

function waitAskedFor(reply: PostReply | undefined, now: Date): number | null {
  return reply && isBusy(reply) ? readRetryAfter(reply.retryAfter, now) : null;
}

function toOutcome(
  { id, failures, elapsedMs }: DeliveryWork,
  { reply, error }: Result,
  { at, random, settings, record }: Run & { record: WebhookAttempt },
): Outcome {
  const stored = error ? toStoredError(error) : null;
  const write =
    (status: DeliveryStatus, retryAfterMs: number | null) => (tx: Parameters<typeof recordAttempt>[0]) =>
      recordAttempt(tx, { id, attempt: record }, { status, error: stored, retryAfterMs });
  if (!stored) return { state: 'succeeded', write: write('succeeded', null) };
  // A private address is the operator's rule and 410 the receiver's wish: neither changes by asking again.
  const retryAfterSeconds = waitAskedFor(reply, at);
  const afterMs = stored.retryable
    ? settings.delayMs({ failures: failures + 1, elapsedMs, random, retryAfterSeconds })
    : null;
  if (afterMs === null) return { state: 'failed', error: stored, write: write('failed', null) };
  return { state: 'queued', afterMs, error: stored, write: write('pending', afterMs) };
}
