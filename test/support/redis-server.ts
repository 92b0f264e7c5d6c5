import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '../../src/ops/processes.ts';

/** A Redis of our own. It keeps nothing unless told to: whatever it forgets, the platform must not need. */
export interface RedisServer {
  url: string;
  /** Starts it, empty, at the same address; does nothing while it is up. */
  start(): Promise<void>;
  /** Kills it. @returns false when it was away already */
  kill(): Promise<boolean>;
  /** Makes it forget everything. @returns false when it is away */
  flush(): Promise<boolean>;
}

/** @param searchPath directories as in PATH @returns the program, or null when there is none */
export function findRedis(searchPath: string): string | null {
  for (const directory of searchPath.split(delimiter)) {
    const program = join(directory, 'redis-server');
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {}
  }
  return null;
}

/**
 * @param options.dir directory that it may write to
 * @param options.durable every write is on the disk before it is answered, as PostgreSQL does with commits
 */
export async function startRedis(options: {
  program: string;
  dir: string;
  durable?: boolean;
}): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let running: { child: ChildProcess; gone: Promise<void> } | null = null;

  async function start(): Promise<void> {
    if (running) return;
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      save: '',
      dir: options.dir,
      ...(options.durable ? { appendonly: 'yes', appendfsync: 'always' } : { appendonly: 'no' }),
    };
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(options.program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const killNow = () => child.kill('SIGKILL');
    process.once('exit', killNow);
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve())).finally(() =>
      process.off('exit', killNow),
    );
    running = { child, gone };
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  }

  await start();
  return {
    url,
    start,
    async kill() {
      if (!running) return false;
      const { child, gone } = running;
      running = null;
      child.kill('SIGKILL');
      await gone;
      return true;
    },
    async flush() {
      if (!running) return false;
      const client = new Redis(url, { maxRetriesPerRequest: 1 });
      client.on('error', () => {});
      try {
        await client.flushall();
        return true;
      } finally {
        client.disconnect();
      }
    },
  };
}
