import type { LiveMessage } from '../http/live-messages.ts';
import { backoffMs, sleep } from '../lib/retry.ts';
import type { SubjectKind } from '../store/events.ts';
import type { UntypedCall } from './create-client.ts';
import { ApiProblem, ServiceUnreachable } from './errors.ts';
import { openLive } from './open-live.ts';

/** A server that restarts is back well within this time. */
const awaySecondsMax = 120;

type Followed = Exclude<LiveMessage, { type: 'heartbeat' }>;

/** Follows a subject; a connection that is lost is opened again from the last event seen. */
export async function* follow(options: {
  url: string;
  call: UntypedCall;
  kind: SubjectKind;
  id: string;
  since?: number;
  signal?: AbortSignal;
}): AsyncGenerator<Followed, void> {
  const { call, kind, id, signal } = options;
  let since = options.since;
  let failures = 0;
  let awaySince: number | undefined;
  while (!signal?.aborted) {
    try {
      const { ticket } = (await call('POST /api/v1/live/tickets', withSignal({}, signal))) as {
        ticket: string;
      };
      const query = new URLSearchParams({ ticket, ...(since === undefined ? {} : { since: String(since) }) });
      const address = `${options.url.replace(/^http/, 'ws')}/api/v1/${kind}/${id}/updates?${query}`;
      for await (const message of openLive(address, signal)) {
        failures = 0;
        awaySince = undefined;
        if (message.type === 'heartbeat') continue;
        if (message.type === 'event' && since !== undefined && message.seq <= since) continue;
        if (message.type !== 'end') since = message.seq;
        yield message;
        if (message.type === 'end') return;
      }
      if (signal?.aborted) return;
      // A browser's socket does not say why it was refused; the same address without the upgrade does, by throwing.
      await call(`GET /api/v1/${kind}/:id/updates`, withSignal({ params: { id } }, signal));
    } catch (error) {
      if (signal?.aborted) return;
      if (!isPassing(error)) throw error;
      awaySince ??= performance.now();
      if (performance.now() - awaySince > awaySecondsMax * 1000) throw error;
    }
    await sleep(backoffMs(++failures, Math.random(), 100, 3_000), signal).catch(() => {});
  }
}

/** The server restarts, is overloaded, or its database is away; or all is well, and only the upgrade is missing. */
function isPassing(error: unknown): boolean {
  if (error instanceof ServiceUnreachable) return true;
  return error instanceof ApiProblem && (error.retryable || error.code === 'upgrade-needed');
}

function withSignal<Options extends object>(options: Options, signal: AbortSignal | undefined) {
  return signal ? { ...options, signal } : options;
}
