import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createJobPoster } from './job-poster.ts';
import type { WantedJob } from './jobs-workload.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const wanted: WantedJob = {
  ...{ marker: `Mark${'0'.repeat(19)}2`, body: {}, ends: 'succeeded' },
  route: 'POST /api/v1/contracts/generate',
};
const twice: WantedJob = { ...wanted, marker: `Mark${'0'.repeat(20)}` };

/** Gives the answers in turn, and the last one for ever; 0 breaks the connection off. */
async function serve(...answers: [status: number, id?: string][]) {
  const keys: unknown[] = [];
  server = createServer((request, response) => {
    request.resume();
    keys.push(request.headers['idempotency-key']);
    const [status, id] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500];
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ id }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { keys, poster: createJobPoster({ url: () => url, key: 'key' }) };
}

test('asks with the same key until there is a yes', async () => {
  const { keys, poster } = await serve([0], [503], [409], [429], [202, 'j1']);
  poster.post(wanted);
  await poster.settled();
  expect(poster.accepted).toMatchObject([{ id: 'j1', marker: wanted.marker }]);
  expect(poster.repeated()).toBe(4);
  expect(keys).toEqual(Array(5).fill(wanted.marker));
  expect(poster.complaints).toEqual([]);
});

test('takes no for an answer, and says so', async () => {
  const { poster } = await serve([422]);
  poster.post(wanted);
  await poster.settled();
  expect(poster.accepted).toEqual([]);
  expect(poster.complaints).toEqual([expect.stringContaining('was refused: 422')]);
});

test('notices that one key became two jobs', async () => {
  const { poster } = await serve([202, 'j1'], [202, 'j2']);
  poster.post(twice);
  await poster.settled();
  expect(poster.accepted).toHaveLength(1);
  expect(poster.complaints).toEqual([expect.stringMatching(/became j[12] and j[12]/)]);
});

test('one of two answers is enough', async () => {
  const { keys, poster } = await serve([0], [202, 'j1']);
  poster.post(twice);
  await poster.settled();
  expect(poster.accepted).toMatchObject([{ id: 'j1' }]);
  expect(poster.complaints).toEqual([]);
  expect(keys).toHaveLength(2);
});
