import { limits } from '../lib/limits.ts';
import type { SubjectKind } from '../store/events.ts';
import type { Signals } from '../store/signals.ts';
import type { SubjectReader, SubjectSnapshot } from './subjects.ts';

/** Finds out what no wake-up told us, because a wake-up may be lost and the row may not. */
const pollMs = 2_000;

/** @returns seconds of `Prefer: wait=N` (RFC 7240), at most our limit; 0 when it is not asked for */
export function preferredWaitSeconds(header: string | string[] | undefined): number {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(text);
  return Math.min(Number(match?.[1] ?? 0), limits.waitSecondsMax);
}

/** A subject as it was last seen, and whether it is finished or took longer than the caller wanted to wait. */
type Waited = Pick<SubjectSnapshot, 'subject' | 'finished'>;

/** Everybody in this process who waits for a subject to be finished. */
export interface SubjectWaits {
  /**
   * Waits until the subject is finished, so many seconds at most.
   * @param what.signal aborted when nobody waits any more: the caller left, or the server stops
   * @throws AppError `not-found`, and whatever reading throws
   */
  wait(what: {
    kind: SubjectKind;
    ownerId: string;
    id: string;
    seconds: number;
    signal: AbortSignal;
  }): Promise<Waited>;
}

/** Makes the room in which callers wait: those who wait for one subject share one listener and every read. */
export function createSubjectWaits(parts: {
  subjects: SubjectReader;
  signals: Pick<Signals, 'onSubject'>;
}): SubjectWaits {
  const watches = new Map<string, Watch>();

  return {
    async wait({ kind, ownerId, id, seconds, signal }) {
      const key = `${kind}/${ownerId}/${id}`;
      const watch =
        watches.get(key) ??
        openWatch({
          read: () => parts.subjects.read(kind, ownerId, id),
          listen: (look) => parts.signals.onSubject(id, look),
          onClose: () => watches.delete(key),
        });
      watches.set(key, watch);
      let expire = () => {};
      const waited = new Promise<Waited>((resolve, reject) => {
        expire = watch.add({ resolve, reject });
      });
      const timer = setTimeout(expire, seconds * 1000);
      signal.addEventListener('abort', expire);
      if (signal.aborted) expire();
      try {
        return await waited;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', expire);
      }
    },
  };
}

interface Waiter {
  resolve(waited: Waited): void;
  reject(error: unknown): void;
}

interface Watch {
  /** @returns what ends the wait with the subject as it is */
  add(waiter: Waiter): () => void;
}

function openWatch(options: {
  read(): Promise<SubjectSnapshot>;
  listen(look: () => void): () => void;
  onClose(): void;
}): Watch {
  const waiters = new Set<Waiter>();
  /** Those who wait no longer than for the next read. */
  const expired = new Set<Waiter>();
  let last: SubjectSnapshot | undefined;
  let reading = false;
  let again = false;
  const stopListening = options.listen(() => void look());
  const poll = setInterval(() => void look(), pollMs);

  async function look(): Promise<void> {
    again = true;
    if (reading) return;
    reading = true;
    while (again && waiters.size > 0) {
      again = false;
      try {
        last = await options.read();
        for (const waiter of last.finished ? waiters : expired) settle(waiter, last);
      } catch (error) {
        for (const waiter of waiters) {
          waiter.reject(error);
          remove(waiter);
        }
      }
    }
    reading = false;
  }

  function settle(waiter: Waiter, { subject, finished }: SubjectSnapshot): void {
    waiter.resolve({ subject, finished });
    remove(waiter);
  }

  function remove(waiter: Waiter): void {
    expired.delete(waiter);
    if (!waiters.delete(waiter) || waiters.size > 0) return;
    stopListening();
    clearInterval(poll);
    options.onClose();
  }

  return {
    add(waiter) {
      waiters.add(waiter);
      void look();
      return () => {
        if (!waiters.has(waiter)) return;
        if (last) settle(waiter, last);
        else expired.add(waiter);
      };
    },
  };
}
