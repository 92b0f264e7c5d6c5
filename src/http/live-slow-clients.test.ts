import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LiveWorld, startLiveWorld } from '../../test/support/live-world.ts';
import type { ServerOptions } from './server.ts';
import { createSubjectReader } from './subject-reader.ts';

let world: LiveWorld;

beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(() => world.close());

const someKey = 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
/** How to ask for either kind of live connection without a client that reads. */
const transports = {
  sse: (where: { url: string }, id: string) => world.rawRequest(where, `/api/v1/jobs/${id}/events`),
  websocket: (where: { url: string }, id: string) =>
    world.rawUpgrade(where, `/api/v1/jobs/${id}/updates`, someKey),
};

test.each(['sse', 'websocket'] as const)(
  'who leaves while the request is looked at is neither counted nor followed: %s',
  async (transport) => {
    let seen = 0;
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const subjects = createSubjectReader(world.server.store.read);
    const other = await world.startOther({
      subjects: {
        async read(...what) {
          seen += 1;
          await gate;
          return subjects.read(...what);
        },
      },
    });
    // Each another one, because those who ask for the same share a read.
    const ids = await Promise.all(Array.from({ length: 10 }, () => world.newJob()));
    const sockets = ids.map((id) => transports[transport](other, id));
    await expect.poll(() => seen).toBe(10);
    for (const socket of sockets) socket.destroy();
    const openConnections = () =>
      new Promise((resolve) => other.app.server.getConnections((_, count) => resolve(count)));
    // Nobody reads from a socket that waits for its upgrade, so that its end is found out afterwards.
    if (transport === 'sse') await expect.poll(openConnections).toBe(0);
    goOn();
    const listener = world.listen(other, `/api/v1/jobs/${ids[0]}/updates`);
    await listener.until(({ type }) => type === 'snapshot');
    await expect.poll(() => other.open).toEqual({ websocket: 1, sse: 0 });
    listener.socket.terminate();
    await expect.poll(() => other.open.websocket).toBe(0);
  },
);

test('streams asked for in one go on one connection are all taken off the count when it closes', async () => {
  const other = await world.startOther();
  const ids = [await world.newJob(), await world.newJob()];
  const socket = world.rawRequest(other, `/api/v1/jobs/${ids[0]}/events`);
  socket.write(world.requestText(`/api/v1/jobs/${ids[1]}/events`));
  socket.resume();
  await expect.poll(() => other.open.sse).toBe(2);
  socket.destroy();
  await expect.poll(() => other.open.sse).toBe(0);
});

/** A subject whose snapshot is larger than all buffers between two processes. */
const largeSubject = (finished: boolean, megabytes = 40): Partial<ServerOptions> => ({
  subjects: {
    read: async () => ({ seq: 0, subject: { text: 'x'.repeat(megabytes * 1_000_000) }, finished }),
  },
});

test.each([
  { transport: 'sse', finished: false },
  { transport: 'sse', finished: true },
  { transport: 'websocket', finished: false },
  { transport: 'websocket', finished: true },
] as const)(
  'who reads nothing of the snapshot is cut off: $transport, finished: $finished',
  async ({ transport, finished }) => {
    const live = { heartbeatSeconds: 600, drainSeconds: 0.5 };
    const other = await world.startOther({ ...largeSubject(finished), live });
    const socket = transports[transport](other, await world.newJob());
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    expect(other.open[transport]).toBe(1);
    await expect.poll(() => other.open[transport], { timeout: 20_000 }).toBe(0);
    socket.destroy();
  },
);

test.each(['sse', 'websocket'] as const)(
  'who reads a large snapshot slowly gets all of it, and the event that came meanwhile: %s',
  async (transport) => {
    const live = { heartbeatSeconds: 600, drainSeconds: 2 };
    const other = await world.startOther({ ...largeSubject(false), live });
    const id = await world.newJob();
    const socket = transports[transport](other, id);
    let bytes = 0;
    let pauseAt = 0;
    let tail = '';
    socket.on('data', (data) => {
      bytes += data.length;
      tail = (tail + data.toString('latin1')).slice(-2_000);
      if (bytes < pauseAt) return;
      // About five seconds for the whole.
      pauseAt = bytes + 1_500_000;
      socket.pause();
      setTimeout(() => socket.resume(), 200);
    });
    await expect.poll(() => bytes).toBeGreaterThan(0);
    await world.addEvents(id, 1, { text: 'meanwhile' });
    await expect.poll(() => tail, { timeout: 25_000 }).toContain('meanwhile');
    expect(bytes).toBeGreaterThan(40_000_000);
    socket.destroy();
    await expect.poll(() => other.open[transport]).toBe(0);
  },
);

test.each(['sse', 'websocket'] as const)(
  'a finished snapshot that is read slowly arrives whole, and then the connection closes: %s',
  async (transport) => {
    const other = await world.startOther({
      ...largeSubject(true),
      live: { heartbeatSeconds: 600, drainSeconds: 2 },
    });
    const socket = transports[transport](other, await world.newJob());
    let bytes = 0;
    let tail = '';
    socket.on('data', (data) => {
      bytes += data.length;
      tail = (tail + data.toString('latin1')).slice(-2_000);
    });
    socket.pause();
    setTimeout(() => socket.resume(), 500);
    await expect.poll(() => tail, { timeout: 20_000 }).toContain('{"type":"end"}');
    expect(bytes).toBeGreaterThan(40_000_000);
    // A socket's client does not answer the goodbye here, and is not waited for any longer than for a reader.
    await expect.poll(() => other.open[transport], { timeout: 20_000 }).toBe(0);
    socket.destroy();
  },
);

test.each(['sse', 'websocket'] as const)(
  'a server that stops is not held up by who reads nothing: %s',
  async (transport) => {
    const live = { heartbeatSeconds: 600, drainSeconds: 600 };
    const other = await world.startOther({ ...largeSubject(false), live });
    const socket = transports[transport](other, await world.newJob());
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    await other.close();
    socket.destroy();
  },
);
