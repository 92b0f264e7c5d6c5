import type { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import * as ws from 'ws';
import { bytesOf, eventPacket, heartbeats, packetOf } from './packets.ts';

/** Part of `ws`, but not of its types. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; maxPayload: number }) => Writable;
};

/** What the other end of a socket understands. */
function received(bytes: Buffer): { texts: string[]; pings: number } {
  const receiver = new Receiver({ isServer: false, maxPayload: 0 });
  const texts: string[] = [];
  let pings = 0;
  receiver.on('message', (data: Buffer) => texts.push(String(data)));
  receiver.on('ping', () => {
    pings += 1;
  });
  receiver.write(bytes);
  return { texts, pings };
}

test.each([0, 1, 124, 125, 126, 127, 65_535, 65_536, 200_000])(
  'a text of about %i bytes is one frame',
  (size) => {
    for (const filler of ['x', 'ü', '🙂']) {
      const packet = packetOf({ type: 'snapshot', seq: 1, subject: filler.repeat(size) });
      expect(received(bytesOf(packet, 'websocket')).texts).toEqual([packet.json]);
    }
  },
);

test.each([125, 126, 65_535, 65_536])('exactly %i bytes are one frame', (size) => {
  const packet = { ...packetOf({ type: 'end' }), json: 'x'.repeat(size) };
  const bytes = bytesOf(packet, 'websocket');
  expect(bytes.length).toBe(size + (size < 126 ? 2 : size < 65_536 ? 4 : 10));
  expect(received(bytes).texts).toEqual([packet.json]);
});

test('a heartbeat is a message and a ping', () => {
  expect(received(heartbeats.websocket)).toEqual({ texts: ['{"type":"heartbeat"}'], pings: 1 });
});

test('an event has the data as the database gave it, and its bytes are made once', () => {
  const packet = eventPacket({
    seq: 7,
    type: 'a"b',
    dataJson: '{"n": 1, "s": "\\n"}',
    at: '2026-01-01T00:00:00.000Z',
  });
  expect(JSON.parse(packet.json)).toEqual({
    type: 'event',
    seq: 7,
    event: { type: 'a"b', data: { n: 1, s: '\n' }, at: '2026-01-01T00:00:00.000Z' },
  });
  expect(bytesOf(packet, 'websocket')).toBe(bytesOf(packet, 'websocket'));
  expect(String(bytesOf(packet, 'sse'))).toBe(`id: 7\nevent: event\ndata: ${packet.json}\n\n`);
});
