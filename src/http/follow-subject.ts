import { sleep } from '../lib/retry.ts';
import type { Store } from '../store/db.ts';
import { readEvents, type SubjectKind } from '../store/events.ts';
import type { LiveMessage } from './live-messages.ts';
import type { SubjectReader, SubjectSnapshot } from './subjects.ts';
import { createWaker } from './waker.ts';

/** Where messages go. Both kinds of connection buffer in this process, so both can be slow. */
export interface Outlet {
  send(message: LiveMessage): void;
  /** Bytes that were sent but not taken yet. */
  bufferedBytes(): number;
}

/** Times and sizes of live connections; tests make them short. */
export interface LiveSettings {
  heartbeatSeconds: number;
  /** How long a client may leave a full buffer alone. */
  drainSeconds: number;
  /** Finds out what no wake-up told us. */
  pollSeconds: number;
  bufferBytesMax: number;
}

/** Small enough that a page of the largest events stays below the buffer's limit. */
const eventsPerPage = 50;

/**
 * Sends a subject's events in order, none missing and none twice, until the subject is finished. The database is the
 * only memory: a wake-up says "look", the number of the last event sent says from where.
 *
 * @param options.since the caller has seen everything up to this event; without it the caller starts with a snapshot
 * @param options.snapshot as read when the connection was allowed
 * @param options.signal aborted when the connection is gone or the server stops
 * @param options.checkAccess throws when the caller's access has ended; asked at every heartbeat
 * @returns `ended` after the `end` message, `slow` when the client does not take what is sent, `gone` when aborted
 */
export async function followSubject(options: {
  store: Pick<Store, 'read' | 'signals'>;
  subjects: SubjectReader;
  settings: LiveSettings;
  kind: SubjectKind;
  ownerId: string;
  id: string;
  since: number | undefined;
  snapshot: SubjectSnapshot;
  outlet: Outlet;
  signal: AbortSignal;
  checkAccess(): Promise<void>;
}): Promise<'ended' | 'slow' | 'gone'> {
  const { store, settings, kind, ownerId, id, outlet, signal } = options;
  const waker = createWaker();
  const stopListening = store.signals.onSubject(id, waker.wake);
  signal.addEventListener('abort', waker.wake);
  let seq = startAt(options);
  let looked = false;
  let beatAt = performance.now() + settings.heartbeatSeconds * 1000;
  try {
    while (!signal.aborted) {
      const from: number = seq;
      for (;;) {
        const events = await readEvents(store.read, {
          ownerId,
          subjectId: id,
          since: seq,
          limit: eventsPerPage,
        });
        if (signal.aborted) return 'gone';
        for (const { type, data, at, ...event } of events) {
          outlet.send({ type: 'event', seq: event.seq, event: { type, data, at } });
          seq = event.seq;
        }
        if (!(await isDrained(outlet, settings, signal))) return 'slow';
        if (events.length < eventsPerPage) break;
      }
      if (!looked || seq > from) {
        looked = true;
        const now = await options.subjects.read(kind, ownerId, id);
        if (now.finished && now.seq <= seq) {
          outlet.send({ type: 'end' });
          return 'ended';
        }
        // An event came between the two reads: fetch it before anything else.
        if (now.seq > seq) continue;
      }
      await waker.wait(Math.max(0, Math.min(settings.pollSeconds * 1000, beatAt - performance.now())));
      if (performance.now() < beatAt || signal.aborted) continue;
      await options.checkAccess();
      outlet.send({ type: 'heartbeat' });
      beatAt = performance.now() + settings.heartbeatSeconds * 1000;
    }
    return 'gone';
  } finally {
    stopListening();
    signal.removeEventListener('abort', waker.wake);
  }
}

/** A caller who saw more than there is (a database restored from a backup) starts anew, with a snapshot. */
function startAt(options: { since: number | undefined; snapshot: SubjectSnapshot; outlet: Outlet }): number {
  const { since, snapshot, outlet } = options;
  if (since !== undefined && since <= snapshot.seq) return since;
  outlet.send({ type: 'snapshot', seq: snapshot.seq, subject: snapshot.subject });
  return snapshot.seq;
}

/** Nothing more is read for a client whose buffer is full, and one that leaves it full is given up. */
async function isDrained(outlet: Outlet, settings: LiveSettings, signal: AbortSignal): Promise<boolean> {
  const end = performance.now() + settings.drainSeconds * 1000;
  while (outlet.bufferedBytes() > settings.bufferBytesMax) {
    if (performance.now() > end) return false;
    if (signal.aborted) return true;
    await sleep(20);
  }
  return true;
}
