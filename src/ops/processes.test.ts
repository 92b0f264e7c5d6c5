import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort, isAlive, isSameProcess, startTicks, stopProcess, supervise } from './processes.ts';

const sleeper = () => spawn('sleep', ['60']).pid ?? 0;

test('a process is known by its pid and its start', async () => {
  const pid = sleeper();
  const ticks = startTicks(pid);
  expect(ticks).toMatch(/^\d+$/);
  expect(isSameProcess(pid, ticks)).toBe(true);
  expect(isSameProcess(pid, '1')).toBe(false);
  expect(await stopProcess(pid, [['SIGTERM', 2_000]])).toBe('SIGTERM');
  expect(isAlive(pid)).toBe(false);
  expect(isSameProcess(pid, ticks)).toBe(false);
  expect(await stopProcess(pid, [['SIGTERM', 2_000]])).toBeNull();
});

test('a process that will not listen is ended all the same', async () => {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while true; do sleep 0.05; done']);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const steps = [
    ['SIGTERM', 100],
    ['SIGKILL', 2_000],
  ] as const;
  expect(await stopProcess(child.pid ?? 0, steps)).toBe('SIGKILL');
});

test('the preferred port is given when nobody has it', async () => {
  const port = await freePort();
  expect(await freePort(port)).toBe(port);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await freePort(port)).not.toBe(port);
  await new Promise((resolve) => server.close(resolve));
});

test('a watched process is started again, after failures too, and not once it is released', async () => {
  const events: string[] = [];
  const first = sleeper();
  const watched = supervise({
    pid: first,
    everyMs: 10,
    restart: async () => {
      events.push('restart');
      if (events.length < 3) throw new Error('not yet');
      return sleeper();
    },
    onDeath: () => events.push('death'),
    onFailure: () => events.push('failure'),
  });
  await stopProcess(first, [['SIGKILL', 2_000]]);
  while (watched.pid === first) await wait(10);
  expect(events).toEqual(['death', 'restart', 'failure', 'restart']);
  expect(isAlive(watched.pid)).toBe(true);
  await watched.release();
  await stopProcess(watched.pid, [['SIGKILL', 2_000]]);
  await wait(50);
  expect(events).toHaveLength(4);
});
