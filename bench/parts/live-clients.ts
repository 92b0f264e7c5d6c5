import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Many WebSocket clients in this process, each of which does as little as it can with what it gets. */
export interface LiveClients {
  /** Milliseconds from an event's beginning to its arrival, since the last call. */
  takeMs(): number[];
  /** Number of the last event that each client got. */
  seqs: number[];
  /** Events that were jumped over, and events that came again. */
  lost: number;
  duplicated: number;
  /** Opens every connection that is not open, all at once; resolves when each has been answered. */
  connect(): Promise<void>;
  /** Cuts every connection at once, without a goodbye. */
  cut(): void;
  /** Resolves when every client has its number of `last`; what is still missing after `seconds` is lost. */
  untilAll(last: readonly number[], seconds: number): Promise<void>;
}

/** The clock that stamps events and arrivals: both are in this process. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Makes the clients; `connect` opens them.
 * @param options.address where client number `at` connects, having seen everything up to event number `since`
 */
export function makeLiveClients(options: {
  clients: number;
  headers: Record<string, string>;
  address(at: number, since: number | undefined): string;
}): LiveClients {
  let series: number[] = [];
  const sockets: (WebSocket | undefined)[] = Array.from({ length: options.clients }, () => undefined);
  const seqs = sockets.map(() => 0);
  let connectedBefore = false;

  function open(at: number): Promise<void> {
    const since = connectedBefore ? seqs[at] : undefined;
    const socket = new WebSocket(options.address(at, since), {
      headers: options.headers,
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    sockets[at] = socket;
    socket.on('message', (data) => take(at, since, String(data)));
    return new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.on('error', () => {});
    });
  }

  /** A server that is busy with many may refuse one; it comes back, as a client has to. */
  async function openPatiently(at: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await open(at);
      } catch (error) {
        if (attempt === 10) throw error;
        await wait(200 * Math.random());
      }
    }
  }

  function take(at: number, since: number | undefined, text: string): void {
    const message = JSON.parse(text) as { type: string; seq: number; event: { data: { at: number } } };
    if (message.type === 'snapshot') {
      // Nobody asked for one who said what was seen: it stands in place of events that are lost.
      if (since !== undefined) clients.lost += Math.max(0, message.seq - (seqs[at] ?? 0));
      seqs[at] = message.seq;
    }
    if (message.type !== 'event') return;
    const expected = (seqs[at] ?? 0) + 1;
    if (message.seq < expected) clients.duplicated += 1;
    else {
      clients.lost += message.seq - expected;
      seqs[at] = message.seq;
      series.push(nowMs() - message.event.data.at);
    }
  }

  const clients: LiveClients = {
    seqs,
    lost: 0,
    duplicated: 0,
    takeMs() {
      const taken = series;
      series = [];
      return taken;
    },
    async connect() {
      await Promise.all(sockets.map((_, at) => openPatiently(at)));
      connectedBefore = true;
    },
    cut() {
      for (const socket of sockets) socket?.terminate();
    },
    async untilAll(last, seconds) {
      const end = performance.now() + seconds * 1000;
      const behind = () => seqs.reduce((sum, seq, at) => sum + Math.max(0, (last[at] ?? 0) - seq), 0);
      while (behind() > 0 && performance.now() < end) await wait(20);
      clients.lost += behind();
    },
  };
  return clients;
}
