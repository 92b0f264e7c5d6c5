import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import type { Signals } from '../store/signals.ts';
import type { SubjectReader } from './subjects.ts';
import { createWaker } from './waker.ts';

/** Finds out what no wake-up told us, because a wake-up may be lost and the row may not. */
const pollMs = 2_000;

/** @returns seconds of `Prefer: wait=N` (RFC 7240), at most our limit; 0 when it is not asked for */
export function preferredWaitSeconds(header: string | string[] | undefined): number {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(text);
  return Math.min(Number(match?.[1] ?? 0), limits.waitSecondsMax);
}

/**
 * Waits until the subject is finished.
 * @param options.signal aborted when nobody waits any more: the caller left, or the server stops
 * @returns the subject as it was last seen, and whether it is finished or took longer
 */
export async function waitForSubject(options: {
  subjects: SubjectReader;
  signals: Signals;
  kind: SubjectKind;
  ownerId: string;
  id: string;
  seconds: number;
  signal: AbortSignal;
}): Promise<{ subject: unknown; finished: boolean }> {
  const { subjects, kind, ownerId, id, signal } = options;
  const end = performance.now() + options.seconds * 1000;
  const waker = createWaker();
  const stop = options.signals.onSubject(id, waker.wake);
  signal.addEventListener('abort', waker.wake);
  try {
    for (;;) {
      const { subject, finished } = await subjects.read(kind, ownerId, id);
      const rest = end - performance.now();
      if (finished || rest <= 0 || signal.aborted) return { subject, finished };
      await waker.wait(Math.min(rest, pollMs));
    }
  } finally {
    stop();
    signal.removeEventListener('abort', waker.wake);
  }
}
