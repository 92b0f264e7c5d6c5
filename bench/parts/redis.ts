import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { stopProcess } from '../../src/ops/processes.ts';

/** A Redis server of our own. */
export interface RedisServer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/**
 * Starts Debian's `redis-server` on a free port of the loopback interface.
 * @param options.durable every write is on the disk before it is answered, as PostgreSQL does with commits
 * @returns null when there is none on this machine
 */
export async function startRedis(options: {
  directory: string;
  durable: boolean;
  port?: number;
}): Promise<RedisServer | null> {
  const port = options.port ?? (await freePort());
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', options.directory, '--save', ''];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const server = spawn('redis-server', [...words, ...(options.durable ? durable : [])], { stdio: 'ignore' });
  const missing = new Promise<'missing'>((resolve) => server.once('error', () => resolve('missing')));
  const url = `redis://127.0.0.1:${port}`;
  if ((await Promise.race([untilReady(url), missing])) === 'missing') return null;
  const pid = server.pid ?? 0;
  return {
    url,
    pid,
    stop: () =>
      stopProcess(pid, [
        ['SIGTERM', 2_000],
        ['SIGKILL', 1_000],
      ]).then(() => {}),
  };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.ping();
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await wait(25);
    } finally {
      client.disconnect();
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
