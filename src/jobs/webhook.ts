import { openWebhookSecret } from '../actions/create-webhook.ts';
import type { Platform } from '../actions/platform.ts';
import { AppError, type StoredError, toStoredError } from '../lib/app-error.ts';
import { limits } from '../lib/limits.ts';
import { ownAddresses } from '../ops/own-addresses.ts';
import { cancelQueued } from '../queue/cancel-queued.ts';
import type { Outcome } from '../queue/finish.ts';
import type { JobHandler } from '../queue/worker.ts';
import type { Tx } from '../store/db.ts';
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
import { type PostReply, post } from '../webhooks/post.ts';
import { hostOf } from '../webhooks/read-url.ts';
import { createResolve, type Resolve } from '../webhooks/resolve-name.ts';
import { type RetryState, readRetryAfter, retryDelayMs } from '../webhooks/retry-delay.ts';
import { signedHeaders } from '../webhooks/sign.ts';
import { countSilences, isBusy } from '../webhooks/silence.ts';

/** What a test may want otherwise. */
export interface WebhookOptions {
  timeoutMs?: number;
  delayMs?: (state: RetryState) => number | null;
  resolve?: Resolve;
}

type Settings = Required<WebhookOptions>;

/** Time for an attempt's end to be written down before another delivery may find out about a silent receiver. */
const probeGraceMs = 1_000;

/**
 * Delivers one message: one attempt, which either ends the delivery or puts it back into the queue until the next. The
 * attempt, and what it tells about the receiver, are written down in the transaction that ends the job's run. A worker that dies in between sends the message
 * again with the same id: receivers tell by it that they had it already.
 */
export function webhook(platform: Platform, options: WebhookOptions = {}): JobHandler {
  const settings = {
    timeoutMs: limits.webhookTimeoutSeconds * 1000,
    delayMs: retryDelayMs,
    resolve: createResolve({ timeoutMs: limits.webhookResolveSeconds * 1000 }),
    ...options,
  };
  return async (job, { signal, log }) => {
    const delivery = await loadDelivery(platform.store.read, job.subjectId);
    const stop = reasonToStop(delivery);
    if (stop) return { state: 'failed', error: stop };
    const turn = await takeTurn(platform, delivery, settings);
    if (turn === 'over') return { state: 'failed', error: delivery.error ?? heldError(delivery) };
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
    const isProbe = turn === 'probe';
    return toOutcome(delivery, result, { at, random: Math.random(), isProbe, settings, record });
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
 * the owner's other webhooks waiting. So one delivery finds out whether it is back, and the others wait for that; one
 * whose time is over meanwhile has no last attempt of its own, as a thousand of these could come at the same moment.
 */
async function takeTurn(
  platform: Platform,
  { webhook, elapsedMs }: DeliveryWork,
  { timeoutMs }: Settings,
): Promise<'free' | 'probe' | 'held' | 'over'> {
  if (webhook.silences === 0) return 'free';
  const { read } = platform.store;
  if (webhook.heldMs === 0 && (await takeProbe(read, webhook.id, timeoutMs + probeGraceMs))) return 'probe';
  return elapsedMs >= limits.webhookRetrySeconds * 1000 ? 'over' : 'held';
}

function postponed(delivery: DeliveryWork, { timeoutMs }: Settings): Outcome {
  const { id, webhook, elapsedMs } = delivery;
  const leftMs = limits.webhookRetrySeconds * 1000 - elapsedMs;
  // A little later than it is free again, and not all at once: the first to come finds out for the others.
  const afterMs = Math.ceil(Math.min(leftMs, (webhook.heldMs || timeoutMs) * (1 + Math.random() / 5)));
  return {
    state: 'queued',
    afterMs,
    error: heldError(delivery),
    write: async (tx) => endUnwanted(tx, id, await postponeDelivery(tx, id, afterMs)),
  };
}

function heldError({ webhook }: DeliveryWork): StoredError {
  const host = hostOf(new URL(webhook.url));
  return toStoredError(fail('webhook-held', { host, silences: webhook.silences }));
}

/** The webhook was deleted during the attempt: its job does not wait for its next turn only to find that out. */
async function endUnwanted(tx: Tx, id: string, status: DeliveryStatus): Promise<void> {
  if (status !== 'pending') await cancelQueued(tx, [id]);
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
      rules: { allowed: platform.settings.webhookPrivate, own: ownAddresses() },
      timeoutMs: settings.timeoutMs,
      bodyTimeoutMs: limits.webhookReplyBodySeconds * 1000,
      replyBytesMax: limits.webhookReplyBytesMax,
      signal,
      resolve: settings.resolve,
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
  record: WebhookAttempt;
}

function toOutcome(delivery: DeliveryWork, result: Result, run: Run): Outcome {
  const { id, failures, elapsedMs } = delivery;
  const { at, random, settings, record } = run;
  const error = result.error ? toStoredError(result.error) : null;
  async function write(tx: Tx, status: DeliveryStatus, retryAfterMs: number | null): Promise<DeliveryStatus> {
    const now = await recordAttempt(tx, { id, attempt: record }, { status, error, retryAfterMs });
    await noteReceiver(tx, delivery, result, run);
    return now;
  }
  const end = (status: DeliveryStatus) => async (tx: Tx) => void (await write(tx, status, null));
  if (!error) return { state: 'succeeded', write: end('succeeded') };
  // A private address is the operator's rule and 410 the receiver's wish: neither changes by asking again.
  const retryAfterSeconds = waitAskedFor(result.reply, at);
  const afterMs = error.retryable
    ? settings.delayMs({ failures: failures + 1, elapsedMs, random, retryAfterSeconds })
    : null;
  if (afterMs === null) return { state: 'failed', error, write: end('failed') };
  return {
    state: 'queued',
    afterMs,
    error,
    write: async (tx) => endUnwanted(tx, id, await write(tx, 'pending', afterMs)),
  };
}

/**
 * Remembers of the receiver what its other deliveries have to know, together with the attempt: what a worker learned
 * that has lost the job is not heard. Of the rows that several attempts share, this one is locked last.
 */
async function noteReceiver(
  tx: Tx,
  { webhook }: DeliveryWork,
  { reply, error }: Result,
  { at, random, isProbe, settings, record }: Run,
): Promise<void> {
  const { id, silences } = webhook;
  if (error?.code === 'webhook-gone') await disableWebhook(tx, id, 'gone');
  const failures = countSilences({
    status: reply?.status ?? null,
    end: !error ? 'taken' : error.retryable ? 'retryable' : 'final',
    milliseconds: record.milliseconds,
    silences,
  });
  const retryAfterSeconds = waitAskedFor(reply, at);
  const forMs =
    failures === null ? null : settings.delayMs({ failures, elapsedMs: 0, random, retryAfterSeconds });
  if (forMs !== null) await holdWebhook(tx, { id, forMs, isProbe });
  else if (silences > 0) await releaseWebhook(tx, id);
}

function waitAskedFor(reply: PostReply | undefined, now: Date): number | null {
  return reply && isBusy(reply.status) ? readRetryAfter(reply.retryAfter, now) : null;
}
