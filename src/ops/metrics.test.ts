import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('two sets of metrics in one process do not mix', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.jobsEnded.inc({ kind: 'compile', outcome: 'succeeded' });
  one.httpSeconds.observe({ method: 'GET', route: '/api/v1/jobs/:id', status: '200' }, 0.003);
  expect(await one.registry.metrics()).toContain(
    'slipway_jobs_ended_total{kind="compile",outcome="succeeded"} 1',
  );
  expect(await two.registry.metrics()).not.toContain('kind="compile"');
});
