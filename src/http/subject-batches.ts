import type { Log } from '../actions/platform.ts';
import type { Reader } from '../store/db.ts';
import { readEventPages, type SubjectKind } from '../store/events.ts';
import { readSubjectStates, type SubjectState } from '../store/subject-states.ts';
import { type Batches, createBatches } from './batches.ts';
import { eventPacket, type Packet } from './packets.ts';

/** An event, ready to be sent. */
export type EventPacket = Packet & { seq: number; eventType: string };

export interface EventPage {
  /** Oldest first; shared with whoever else reads from the same place. */
  events: EventPacket[];
  /** The page is full: there may be more. */
  more: boolean;
}

/** Somebody who reads on in a subject's log. */
export interface EventSource {
  subjectId: string;
  ownerId: string;
  /** From where, asked when the read begins. */
  since(): number;
  take(page: EventPage): void;
  fail(error: unknown): void;
}

/** Somebody who wants to know how a subject stands. */
export interface StateSource {
  kind: SubjectKind;
  id: string;
  take(state: SubjectState): void;
  fail(error: unknown): void;
}

/** Logs that one statement reads in, events of each at the most, and about how many of all. */
const readMax = { logs: 500, eventsPerLog: 50, eventsPerLogWhenMany: 4, events: 2_000 };

/** Reads for all followers of a process: whatever is wanted at one time takes one statement. */
export function createSubjectBatches(
  read: Reader,
  log: Pick<Log, 'warn'>,
): { events: Batches<EventSource>; states: Batches<StateSource> } {
  const onFault = (error: unknown, sources: { fail(error: unknown): void }[]) => {
    for (const source of sources) source.fail(error);
  };
  const onAway = (error: unknown) => log.warn({ err: error }, 'live updates wait for the database');
  const shared = { itemsMax: readMax.logs, onFault, onAway };
  return {
    events: createBatches<EventSource>({ ...shared, work: (sources) => readEvents(read, sources) }),
    states: createBatches<StateSource>({ ...shared, work: (sources) => readStates(read, sources) }),
  };
}

async function readEvents(read: Reader, sources: readonly EventSource[]): Promise<void> {
  const places = new Map<string, { since: number; sources: EventSource[] }>();
  for (const source of sources) {
    const since = source.since();
    const key = `${source.subjectId}/${source.ownerId}/${since}`;
    const place = places.get(key) ?? { since, sources: [] };
    place.sources.push(source);
    places.set(key, place);
  }
  const wanted = [...places.values()].map(({ since, sources: [first] }) => {
    const { subjectId, ownerId } = first as EventSource;
    return { subjectId, ownerId, since };
  });
  const limit = Math.min(
    readMax.eventsPerLog,
    Math.max(readMax.eventsPerLogWhenMany, Math.floor(readMax.events / wanted.length)),
  );
  const pages = await readEventPages(read, wanted, limit);
  let at = 0;
  for (const { sources: waiting } of places.values()) {
    const rows = pages[at++] ?? [];
    const events = rows.map((row) => ({ ...eventPacket(row), eventType: row.type }));
    for (const source of waiting) source.take({ events, more: rows.length === limit });
  }
}

async function readStates(read: Reader, sources: readonly StateSource[]): Promise<void> {
  const of = (kind: SubjectKind) =>
    sources.filter((source) => source.kind === kind).map((source) => source.id);
  const rows = await readSubjectStates(read, { jobs: of('jobs'), pipelines: of('pipelines') });
  const states = new Map(rows.map((row) => [row.id, row]));
  for (const source of sources) {
    const state = states.get(source.id);
    if (state) source.take(state);
  }
}
