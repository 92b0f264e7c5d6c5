import { expect, test } from 'vitest';
import { createHealth, type HealthStatus } from './health.ts';

const part = (status: HealthStatus, essential = true) => ({
  essential,
  check: async () => ({ status, detail: 'as it is' }),
});

test('is as well as its parts', async () => {
  const health = createHealth();
  expect((await health.report()).status).toBe('ok');
  health.add('database', part('ok'));
  expect((await health.report()).status).toBe('ok');
  health.add('explorer', part('down', false));
  expect((await health.report()).status).toBe('degraded');
  health.add('queue', part('down'));
  const report = await health.report();
  expect(report.status).toBe('down');
  expect(report.parts.map(({ name, status }) => [name, status])).toEqual([
    ['database', 'ok'],
    ['explorer', 'down'],
    ['queue', 'down'],
  ]);
});

test('a check that throws or hangs makes its part down, and holds nobody up', async () => {
  const health = createHealth({ timeoutMs: 50 });
  let aborted = false;
  health.add('throws', { essential: false, check: () => Promise.reject(new Error('connection refused')) });
  health.add('hangs', {
    essential: false,
    check: (signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          aborted = true;
        });
      }),
  });
  expect((await health.report()).parts).toMatchObject([
    { name: 'throws', status: 'down', detail: 'connection refused' },
    { name: 'hangs', status: 'down', detail: 'no answer within 50 ms' },
  ]);
  expect(aborted).toBe(true);
});
