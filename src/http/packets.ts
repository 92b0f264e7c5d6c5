import type { RawEvent } from '../store/events.ts';
import type { LiveMessage } from './live-messages.ts';

/** The two ways to follow. */
export type Transport = 'websocket' | 'sse';

/** A message as text, turned into bytes once for each way to follow, however many clients get it. */
export interface Packet {
  type: LiveMessage['type'];
  /** Of the last event that it holds. */
  seq: number | undefined;
  json: string;
  bytes: Partial<Record<Transport, Buffer>>;
}

/** Writes a message down. */
export function packetOf(message: LiveMessage): Packet {
  const seq = 'seq' in message ? message.seq : undefined;
  return { type: message.type, seq, json: JSON.stringify(message), bytes: {} };
}

/** As `packetOf` of the event's message, with the data's text as the database gave it. */
export function eventPacket({ seq, type, dataJson, at }: RawEvent): Packet & { seq: number } {
  const json = `{"type":"event","seq":${seq},"event":{"type":${JSON.stringify(type)},"data":${dataJson},"at":"${at}"}}`;
  return { type: 'event', seq, json, bytes: {} };
}

/** @returns what goes to the socket; the same object for every client */
export function bytesOf(packet: Packet, transport: Transport): Buffer {
  const known = packet.bytes[transport];
  if (known) return known;
  const bytes = transport === 'websocket' ? textFrame(packet.json) : Buffer.from(toServerSent(packet));
  packet.bytes[transport] = bytes;
  return bytes;
}

/** A heartbeat's bytes. A socket gets a ping with it (RFC 6455, 5.5.2): its answer shows that somebody is there. */
export const heartbeats: Record<Transport, Buffer> = {
  websocket: Buffer.concat([textFrame('{"type":"heartbeat"}'), Buffer.from([0x89, 0])]),
  sse: Buffer.from(': heartbeat\n\n'),
};

/** RFC 6455, 5.2: one final text frame, not masked, as a server sends it. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, head);
  return frame;
}

/** WHATWG HTML, 9.2: the id is what comes back as Last-Event-ID. */
function toServerSent({ type, seq, json }: Packet): string {
  return `${seq === undefined ? '' : `id: ${seq}\n`}event: ${type}\ndata: ${json}\n\n`;
}
