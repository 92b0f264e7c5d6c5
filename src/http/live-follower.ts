import type { SubjectKind } from '../store/events.ts';
import type { Batches } from './batches.ts';
import { type LiveClient, sendEvents } from './live-client.ts';
import type { Packet } from './packets.ts';
import type { EventPage, EventSource, StateSource } from './subject-batches.ts';
import { isFinished, mayFinish } from './subjects.ts';

/** One subject that somebody follows; everybody who does shares it. */
export interface Follower {
  clients: Set<LiveClient>;
  /** In which tick of a round it looks for what no wake-up told. */
  slot: number;
  /** Looks for new events. */
  look(): void;
  /** Lets a client take part from its `seq` on. @param seen the subject as the client's request found it */
  join(client: LiveClient, seen: { seq: number; finished: boolean }): void;
  leave(client: LiveClient): void;
  /** Sends an open client what it lacks. */
  feed(client: LiveClient): void;
}

/** What all followers of a process share. */
export interface FollowerParts {
  events: Batches<EventSource>;
  states: Batches<StateSource>;
  /** Bytes of recent events that all followers keep together. */
  kept: { bytes: number };
  bufferBytesMax: number;
  /** The subject is finished and the client has everything. */
  onEnd(client: LiveClient): void;
  /** Full for now. */
  onFull(client: LiveClient): void;
  /** The events after the client's `seq` are not there any more. */
  onGap(client: LiveClient): void;
  /** Reading failed, and not because the database is away. */
  onFault(clients: Iterable<LiveClient>, error: unknown): void;
}

/** Recent events that a follower keeps for clients that come back, and all followers of a process together. */
const keptMax = { events: 100, bytes: 65_536, bytesOfAll: 33_554_432 };

/**
 * Follows a subject: reads its events once, in order, and sends the same bytes to everybody. A client that is further
 * back than memory goes reads pages of its own from the database until it has caught up.
 *
 * @param options.head number of the last event that is known of
 * @param options.onEmpty called when the last client has left
 */
export function createFollower(
  parts: FollowerParts,
  options: { kind: SubjectKind; id: string; ownerId: string; head: number; slot: number; onEmpty(): void },
): Follower {
  const { kind, id, ownerId } = options;
  const { events, states, kept } = parts;
  const clients = new Set<LiveClient>();
  let head = options.head;
  /** The last events up to `head`. */
  let tail: Packet[] = [];
  let tailBytes = 0;
  /** The subject is finished once this is its last event. */
  let finishedAt: number | undefined;
  let worthALook = false;

  const source: EventSource = {
    subjectId: id,
    ownerId,
    since: () => head,
    take: (page) => takePage(page),
    fail: (error) => parts.onFault(clients, error),
  };
  const stateSource: StateSource = {
    kind,
    id,
    take: (state) => note({ seq: state.seq, finished: isFinished(kind, state) }),
    fail: source.fail,
  };

  function takePage({ events: page, more }: EventPage): void {
    // Everybody left while the page was read.
    if (clients.size === 0) return;
    for (const event of page) {
      // Events that clean-up took away: what is kept must have no gap.
      if (event.seq !== head + 1) dropTail();
      head = event.seq;
      tail.push(event);
      keep(event.json.length);
      worthALook ||= mayFinish(kind, event.eventType);
    }
    if (page.length > 0) for (const client of clients) feed(client);
    // The last one may have left just now, and with it what was kept.
    if (clients.size === 0) return;
    trimTail();
    if (more) events.ask(source);
    else if (worthALook) {
      worthALook = false;
      states.ask(stateSource);
    }
  }

  function note(seen: { seq: number; finished: boolean }): void {
    // An event came between the two reads.
    if (seen.seq > head) events.ask(source);
    if (!seen.finished) return;
    if (seen.seq < head) states.ask(stateSource);
    else finishedAt = seen.seq;
    if (finishedAt === head) for (const client of clients) feed(client);
  }

  function feed(client: LiveClient): void {
    if (client.state !== 'open') return;
    if (client.seq < head) {
      const from = client.seq - (head - tail.length);
      if (from < 0) readPage(client);
      else send(client, tail, from);
    }
    if (client.state === 'open' && client.seq === head && head === finishedAt) parts.onEnd(client);
  }

  function send(client: LiveClient, packets: readonly Packet[], from: number): void {
    sendEvents(client, packets, { from, bufferBytesMax: parts.bufferBytesMax });
    // The compiler does not see that sending changes the state.
    if ((client.state as LiveClient['state']) === 'full') parts.onFull(client);
  }

  function readPage(client: LiveClient): void {
    client.state = 'reading';
    events.ask({
      subjectId: id,
      ownerId,
      since: () => client.seq,
      take({ events: page }) {
        if (client.state !== 'reading') return;
        if (page[0]?.seq !== client.seq + 1) return parts.onGap(client);
        client.state = 'open';
        send(client, page, 0);
        feed(client);
      },
      fail: (error) => parts.onFault([client], error),
    });
  }

  function keep(bytes: number): void {
    tailBytes += bytes;
    kept.bytes += bytes;
  }

  function dropTail(): void {
    tail = [];
    keep(-tailBytes);
  }

  /** For one client alone nothing is kept: when it comes back, the follower is a new one. */
  function trimTail(): void {
    const eventsMax = clients.size < 2 ? 0 : keptMax.events;
    let dropped = 0;
    for (const { json } of tail) {
      const fits = tailBytes <= keptMax.bytes && kept.bytes <= keptMax.bytesOfAll;
      if (fits && tail.length - dropped <= eventsMax) break;
      keep(-json.length);
      dropped += 1;
    }
    if (dropped > 0) tail = tail.slice(dropped);
  }

  return {
    clients,
    slot: options.slot,
    look: () => events.ask(source),
    join(client, seen) {
      clients.add(client);
      // Whatever was committed since `seen` may have told its wake-up before somebody listened here.
      if (clients.size === 1) events.ask(source);
      note(seen);
      feed(client);
    },
    leave(client) {
      clients.delete(client);
      if (clients.size > 0) return;
      dropTail();
      events.forget(source);
      states.forget(stateSource);
      options.onEmpty();
    },
    feed,
  };
}
