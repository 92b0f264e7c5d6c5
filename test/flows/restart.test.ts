import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  descendants,
  endEmbeddedParts,
  findEmbeddedParts,
  makeDataDir,
  type RunningServer,
  spawnServer,
  startServer,
  untilGone,
} from '../support/server.ts';

// Each test starts real servers, two or three of them, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

const env = { SLIPWAY_LEASE_SECONDS: '1' };
const noParts = { postgres: [], anvil: [] };
let dataDir: string;
let server: RunningServer;

beforeAll(() => {
  dataDir = makeDataDir();
});
afterEach(() => server?.stop());
afterAll(async () => {
  await endEmbeddedParts(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(more: Record<string, string> = {}): Promise<RunningServer> {
  server = await startServer({ dataDir, env: { ...env, ...more } });
  return server;
}

/** Asks for a token, from template to chain. @returns the pipeline's id */
async function ship(name: string): Promise<string> {
  const body = { generate: { template: 'erc20', options: { name } }, deploy: { network: 'local' } };
  const { status, body: pipeline } = await server.send('POST /api/v1/pipelines', { body });
  expect(status).toBe(202);
  return pipeline.id;
}

interface Event {
  seq: number;
  event: { type: string };
}

/** Reads a pipeline's events from a socket until there are no more, or `enough` says so. */
function listen(
  id: string,
  since: number,
  enough: (event: Event) => boolean = () => false,
): Promise<Event[]> {
  const address = `${server.url.replace('http', 'ws')}/api/v1/pipelines/${id}/updates?since=${since}`;
  const socket = new WebSocket(address, { headers: { authorization: `Bearer ${server.apiKey}` } });
  const events: Event[] = [];
  let left = false;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`the socket closed with ${code} after ${events.length}`)));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string } & Event;
      if (left) return;
      if (message.type === 'event') events.push(message);
      if (message.type !== 'end' && !(message.type === 'event' && enough(message))) return;
      // What came in the same packet was not seen by a client that left.
      left = true;
      resolve(events);
      socket.terminate();
    });
  });
}

describe('a client that follows a pipeline', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)(
    'comes back with since=3 after a restart (%s): nothing missing, nothing twice',
    async (signal) => {
      await start();
      const id = await ship(`Follow${signal}`);
      const first = await listen(id, 0, ({ seq }) => seq === 3);
      expect(first.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      await server.kill(signal);

      await start();
      const rest = await listen(id, 3);
      expect(rest.map(({ seq }) => seq)).toEqual(rest.map((_, index) => index + 4));
      expect(rest.at(-1)?.event.type).toBe('succeeded');
      const { body } = await server.send(`GET /api/v1/pipelines/${id}`);
      expect(rest.at(-1)?.seq).toBe(body.seq);
      expect(body.result.deployment).toMatchObject({ status: 'confirmed', codeMatches: true });
    },
  );
});

describe('the processes around a server', () => {
  test('SIGKILL leaves database and chain running, and the next start takes just those over', async () => {
    await start();
    const before = findEmbeddedParts(dataDir);
    expect(before).toEqual({ postgres: [expect.any(Number)], anvil: [expect.any(Number)] });
    const parts = [...before.postgres, ...before.anvil];
    const outliving = new Set([...parts, ...parts.flatMap(descendants)]);
    const own = descendants(server.pid).filter((pid) => !outliving.has(pid));
    expect(own.length).toBeGreaterThan(0);
    await server.kill('SIGKILL');
    expect(findEmbeddedParts(dataDir)).toEqual(before);
    // The compiler lives and dies with its server.
    expect(await untilGone(own, 5_000)).toEqual([]);

    await start();
    expect(findEmbeddedParts(dataDir)).toEqual(before);
    expect(server.output()).toContain('PostgreSQL taken over');
    expect(server.output()).toMatch(/Local chain 31337 taken over/);
  });

  test('SIGINT stops within its limit while work is under way, leaves no process, and the work goes on later', async () => {
    await start();
    const id = await ship('Interrupted');
    const all = [server.pid, ...descendants(server.pid)];
    // Past the limit of 5 s the process would end itself, with another code and a word about it.
    expect(await server.kill('SIGINT')).toMatchObject({ code: 0, signal: null });
    expect(server.output()).not.toContain('did not stop in time');
    expect(findEmbeddedParts(dataDir)).toEqual(noParts);
    expect(await untilGone(all, 0)).toEqual([]);

    await start();
    expect((await listen(id, 0)).at(-1)?.event.type).toBe('succeeded');
  });
});

describe('a start that cannot be', () => {
  test('a second server on the same data is refused, and the first goes on', async () => {
    await start();
    const second = spawnServer({ dataDir, env });
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.output()).toContain('data-directory-in-use');
    expect(second.output()).toContain(`The process ${server.pid} already runs Slipway on ${dataDir}`);
    expect((await server.send('GET /readyz')).status).toBe(200);
    expect(findEmbeddedParts(dataDir)).toEqual({
      postgres: [expect.any(Number)],
      anvil: [expect.any(Number)],
    });
  });

  test('a taken port: a clear message and nothing left running, or the next free port, as the setting says', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
    );
    try {
      const refused = spawnServer({ dataDir, env: { ...env, PORT: String(port) } });
      expect(await refused.ended).toMatchObject({ code: 1 });
      expect(refused.output()).toContain(`Port ${port} on 127.0.0.1 is in use by another process.`);
      expect(refused.output()).toContain('SLIPWAY_PORT_CONFLICT=next');
      expect(findEmbeddedParts(dataDir)).toEqual(noParts);

      const { url } = await start({ PORT: String(port), SLIPWAY_PORT_CONFLICT: 'next' });
      expect(Number(new URL(url).port)).toBeGreaterThan(port);
      expect((await server.send('GET /readyz')).status).toBe(200);
    } finally {
      other.close();
    }
  });
});
