import type { Outlet } from './outlets.ts';
import { bytesOf, type Packet } from './packets.ts';

/** One live connection, and how far it is. */
export interface LiveClient {
  outlet: Outlet;
  /** Of the last event that was sent. */
  seq: number;
  /**
   * `open`: takes what comes. `reading`: waits for a page from the database. `full`: has not taken what was sent; nothing
   * is kept for it meanwhile. `gone`: gets nothing more, though what it got may still be on its way.
   */
  state: 'open' | 'reading' | 'full' | 'gone';
  /** What its outlet said of `takenBytes` at the last look, and when it last was more, by the clock of `performance`. */
  taken: number;
  movedAt: number;
  /** Somebody listens for the moment at which everything was taken. */
  awaitsDrain: boolean;
  /** In which tick of a round its heartbeat is. */
  slot: number;
}

/** Bytes that leave in one call of the operating system. */
const burstBytes = 65_536;

/**
 * Sends events until the client is full.
 * @param packets events in order, each of them after the one before
 * @param from the first one of `packets` that the client does not have
 */
export function sendEvents(
  client: LiveClient,
  packets: readonly Packet[],
  options: { from: number; bufferBytesMax: number },
): void {
  const { outlet } = client;
  const several = packets.length - options.from > 1;
  let burst = 0;
  if (several) outlet.cork();
  for (let at = options.from; at < packets.length; at += 1) {
    const packet = packets[at] as Packet;
    const bytes = bytesOf(packet, outlet.transport);
    outlet.write(bytes);
    client.seq = packet.seq ?? client.seq;
    burst += bytes.length;
    if (burst < burstBytes) continue;
    burst = 0;
    if (several) outlet.uncork();
    if (outlet.bufferedBytes() > options.bufferBytesMax) break;
    if (several) outlet.cork();
  }
  if (several) outlet.uncork();
  if (outlet.bufferedBytes() > options.bufferBytesMax) client.state = 'full';
}

/**
 * Looks whether a client takes what waits for it. Progress counts and not the time that it takes: a large snapshot on a
 * thin line may need minutes.
 * @param longAgo by the clock of `performance`
 * @returns true when it has taken nothing since
 */
export function isStuck(client: LiveClient, longAgo: number): boolean {
  const taken = client.outlet.takenBytes();
  if (taken === client.taken) return client.movedAt < longAgo;
  client.taken = taken;
  client.movedAt = performance.now();
  return false;
}
