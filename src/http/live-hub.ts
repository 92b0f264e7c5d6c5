import type { Actor, Log } from '../actions/platform.ts';
import type { Store } from '../store/db.ts';
import type { SubjectKind } from '../store/events.ts';
import { createLiveAccess } from './live-access.ts';
import { isStuck, type LiveClient } from './live-client.ts';
import { createFollower, type Follower, type FollowerParts } from './live-follower.ts';
import type { Ending, Outlet } from './outlets.ts';
import { bytesOf, type Packet, packetOf } from './packets.ts';
import { createSubjectBatches } from './subject-batches.ts';
import type { SubjectReader, SubjectSnapshot } from './subjects.ts';

/** Times and sizes of live connections; tests make them short. */
export interface LiveSettings {
  heartbeatSeconds: number;
  /** How long a client may take nothing of what waits for it, and how long an ended one may stay. */
  drainSeconds: number;
  /** Finds out what no wake-up told us. */
  pollSeconds: number;
  bufferBytesMax: number;
}

/** A connection that was allowed, and what it is to follow. */
export interface LiveRequest {
  kind: SubjectKind;
  id: string;
  actor: Pick<Actor, 'ownerId' | 'userId' | 'via'>;
  /** The caller has seen everything up to this event; without it the caller starts with a snapshot. */
  since: number | undefined;
  /** As read after the caller asked. */
  snapshot: SubjectSnapshot;
  outlet: Outlet;
}

/** All live connections of one process. */
export interface LiveHub {
  /** Sends the subject's events in order, none missing and none twice. @returns to be called when the caller left */
  follow(request: LiveRequest): () => void;
}

/**
 * Makes the hub: one follower for each subject, one look at each credential, one timer, whatever the number of
 * connections. The database is the only memory that counts: a wake-up says "look", and what is kept here is a copy.
 *
 * @param options.authenticate throws an AppError with status 401 when access has ended
 * @param options.stopping aborted when the server stops: every connection ends then
 */
export function createLiveHub(options: {
  store: Pick<Store, 'read' | 'signals'>;
  subjects: SubjectReader;
  settings: LiveSettings;
  authenticate(via: Actor['via']): Promise<unknown>;
  log: Pick<Log, 'warn' | 'error'>;
  stopping: AbortSignal;
}): LiveHub {
  const { store, subjects, settings, log, stopping } = options;
  const members = new Map<LiveClient, Membership>();
  const followers = new Map<string, Follower>();
  /** Those that were told goodbye and have not closed yet. */
  const ended = new Set<LiveClient>();
  const access = createLiveAccess({
    signals: store.signals,
    authenticate: options.authenticate,
    onEnded: (clients, code) => endAll(clients, 'access-ended', code),
    log,
  });
  const parts: FollowerParts = {
    ...createSubjectBatches(store.read, log),
    kept: { bytes: 0 },
    bufferBytesMax: settings.bufferBytesMax,
    onEnd(client) {
      const { outlet } = client;
      sayGoodbye(client);
      // A socket that is closed waits for its client, and not for long: only once everything was taken.
      outlet.write(bytesOf(endPacket, outlet.transport), () => outlet.end('ended'));
    },
    onFull(client) {
      if (client.awaitsDrain) return;
      client.awaitsDrain = true;
      client.outlet.onDrain(() => {
        client.awaitsDrain = false;
        resume(client);
      });
    },
    onGap: (client) => void startAnew(client),
    onFault(clients, error) {
      log.error({ err: error }, 'live connections failed');
      endAll(clients, 'unwell');
    },
  };
  const rounds = createRounds(settings);

  /** Takes a client off its subject. It is watched on, until its connection has closed. */
  function sayGoodbye(client: LiveClient): void {
    members.get(client)?.leave();
    members.delete(client);
    client.state = 'gone';
    client.movedAt = performance.now();
    ended.add(client);
  }

  /** The connection has closed. */
  function forget(client: LiveClient): void {
    if (members.has(client)) sayGoodbye(client);
    ended.delete(client);
    if (members.size + ended.size === 0) rounds.stop();
  }

  function end(client: LiveClient, ending: Ending, detail?: string): void {
    if (!members.has(client)) return;
    sayGoodbye(client);
    client.outlet.end(ending, detail);
  }

  function endAll(clients: Iterable<LiveClient>, ending: Ending, detail?: string): void {
    for (const client of [...clients]) end(client, ending, detail);
  }

  /** A client that has made room reads on where it stopped. */
  function resume(client: LiveClient): void {
    if (client.state !== 'full' || client.outlet.bufferedBytes() > settings.bufferBytesMax) return;
    client.state = 'open';
    members.get(client)?.follower.feed(client);
  }

  async function startAnew(client: LiveClient): Promise<void> {
    const member = members.get(client);
    if (!member) return;
    const { kind, id, ownerId } = member;
    try {
      const snapshot = await subjects.read(kind, ownerId, id);
      if (client.state !== 'reading') return;
      client.state = 'open';
      sendSnapshot(client, snapshot);
      member.follower.join(client, snapshot);
    } catch (error) {
      parts.onFault([client], error);
    }
  }

  function tick(isTurn: Rounds['isTurn']): void {
    const now = performance.now();
    const longAgo = now - settings.drainSeconds * 1000;
    for (const follower of followers.values()) if (isTurn('poll', follower.slot)) follower.look();
    for (const credential of access.credentials()) if (isTurn('beat', credential.slot)) credential.check();
    for (const client of members.keys()) {
      if (client.outlet.bufferedBytes() > 0) {
        // Its bytes show that somebody is there, and a ping would have to queue behind them.
        if (isStuck(client, longAgo)) end(client, 'slow');
      } else {
        client.movedAt = now;
        if (isTurn('beat', client.slot) && !client.outlet.beat()) end(client, 'dead');
      }
      resume(client);
    }
    for (const client of ended) {
      if (!isStuck(client, longAgo)) continue;
      client.outlet.end('slow');
      forget(client);
    }
  }

  function followerOf({ kind, id, actor: { ownerId }, snapshot }: LiveRequest) {
    const key = `${kind}/${ownerId}/${id}`;
    const known = followers.get(key);
    if (known) return known;
    const follower = createFollower(parts, {
      kind,
      id,
      ownerId,
      head: snapshot.seq,
      slot: rounds.nextSlot(),
      onEmpty() {
        stopListening();
        followers.delete(key);
      },
    });
    const stopListening = store.signals.onSubject(id, follower.look);
    followers.set(key, follower);
    return follower;
  }

  /** Whoever does not answer must not hold up the server. */
  function sendAway(client: LiveClient): void {
    sayGoodbye(client);
    client.outlet.end('stopping');
    setTimeout(() => {
      if (ended.has(client)) client.outlet.end('dead');
    }, goodbyeMs).unref();
  }

  stopping.addEventListener('abort', () => {
    for (const client of [...members.keys(), ...ended]) sendAway(client);
  });

  return {
    follow(request) {
      const { kind, id, actor, since, snapshot, outlet } = request;
      const client: LiveClient = {
        outlet,
        seq: 0,
        state: 'open',
        taken: 0,
        movedAt: performance.now(),
        awaitsDrain: false,
        slot: rounds.nextSlot(),
      };
      if (stopping.aborted) {
        sendAway(client);
        return () => forget(client);
      }
      const follower = followerOf(request);
      const leaveAccess = access.add(client, actor);
      members.set(client, {
        kind,
        id,
        ownerId: actor.ownerId,
        follower,
        leave() {
          follower.leave(client);
          leaveAccess();
        },
      });
      rounds.start(tick);
      // A caller who saw more than there is (a database restored from a backup) starts anew too.
      if (since !== undefined && since <= snapshot.seq) client.seq = since;
      else sendSnapshot(client, snapshot);
      follower.join(client, snapshot);
      return () => forget(client);
    },
  };
}

/** What a client gets to close its connection when the server stops. */
const goodbyeMs = 500;

interface Membership {
  kind: SubjectKind;
  id: string;
  ownerId: string;
  follower: Follower;
  leave(): void;
}

const endPacket = packetOf({ type: 'end' });

/** Snapshots are large: those that share a read share the bytes. */
const snapshotPackets = new WeakMap<SubjectSnapshot, Packet>();

function sendSnapshot(client: LiveClient, snapshot: SubjectSnapshot): void {
  const { seq, subject } = snapshot;
  const packet = snapshotPackets.get(snapshot) ?? packetOf({ type: 'snapshot', seq, subject });
  snapshotPackets.set(snapshot, packet);
  client.outlet.write(bytesOf(packet, client.outlet.transport));
  client.seq = seq;
}

interface Rounds {
  /** Whether it is the turn of whoever has this slot. */
  isTurn(what: 'beat' | 'poll', slot: number): boolean;
  nextSlot(): number;
  /** Does nothing when it runs already. */
  start(tick: (isTurn: Rounds['isTurn']) => void): void;
  stop(): void;
}

/**
 * The one timer. A heartbeat to everybody at once would hold up events, so that each client, follower and credential has
 * its own tick within a round.
 */
function createRounds(settings: LiveSettings): Rounds {
  const shortestMs = Math.min(settings.heartbeatSeconds, settings.pollSeconds, settings.drainSeconds) * 1000;
  const tickMs = Math.min(250, Math.max(20, shortestMs / 4));
  const ticks = {
    beat: Math.max(1, Math.round((settings.heartbeatSeconds * 1000) / tickMs)),
    poll: Math.max(1, Math.round((settings.pollSeconds * 1000) / tickMs)),
  };
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let slots = 0;
  const isTurn: Rounds['isTurn'] = (what, slot) => (count + slot) % ticks[what] === 0;
  return {
    isTurn,
    nextSlot: () => slots++,
    start(tick) {
      timer ??= setInterval(() => {
        count += 1;
        tick(isTurn);
      }, tickMs).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
