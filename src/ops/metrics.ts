import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; from a cached reply to the longest audit. */
const workBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const requestBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];

/** Everything the platform counts, and the registry it stands in. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Makes the process's metrics in a registry of its own, so that two servers in one process (tests) do not mix.
 * Names follow Prometheus's rules: base units, `_total` for counters. Labels have few values: never ids.
 *
 * @param options.processMetrics also report memory, event loop and garbage collection of the process
 */
export function createMetrics(options: { processMetrics?: boolean } = {}) {
  const registry = new Registry();
  const registers = [registry];
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  return {
    registry,
    /** `route` is the pattern, never the path. */
    httpSeconds: new Histogram({
      name: 'slipway_http_request_seconds',
      help: 'Time to answer an HTTP request.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: requestBuckets,
      registers,
    }),
    jobsEnqueued: new Counter({
      name: 'slipway_jobs_enqueued_total',
      help: 'Jobs accepted.',
      labelNames: ['kind'] as const,
      registers,
    }),
    /** `outcome`: succeeded, failed, cancelled, waiting, retried, lease_lost. */
    jobsEnded: new Counter({
      name: 'slipway_jobs_ended_total',
      help: 'Runs of jobs by how they ended.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'slipway_job_seconds',
      help: 'Time one run of a job took.',
      labelNames: ['kind', 'outcome'] as const,
      buckets: workBuckets,
      registers,
    }),
    jobWaitSeconds: new Histogram({
      name: 'slipway_job_wait_seconds',
      help: 'Time a job waited until a worker claimed it.',
      labelNames: ['kind'] as const,
      buckets: requestBuckets,
      registers,
    }),
    jobsRunning: new Gauge({
      name: 'slipway_jobs_running',
      help: 'Jobs running in this process.',
      labelNames: ['kind'] as const,
      registers,
    }),
    compileSeconds: new Histogram({
      name: 'slipway_compile_seconds',
      help: 'Time of a compilation.',
      labelNames: ['compiler', 'cached'] as const,
      buckets: workBuckets,
      registers,
    }),
    auditSeconds: new Histogram({
      name: 'slipway_audit_tool_seconds',
      help: 'Time one tool of an audit took, by its status.',
      labelNames: ['tool', 'status'] as const,
      buckets: workBuckets,
      registers,
    }),
    /** `outcome` is the kind of the send's answer: accepted, already-known, underpriced, unknown … */
    chainSends: new Counter({
      name: 'slipway_chain_sends_total',
      help: 'Signed transactions handed to a node, by its answer.',
      labelNames: ['network', 'outcome'] as const,
      registers,
    }),
    deploymentsEnded: new Counter({
      name: 'slipway_deployments_ended_total',
      help: 'Deployments by their final state.',
      labelNames: ['network', 'state'] as const,
      registers,
    }),
    rpcSeconds: new Histogram({
      name: 'slipway_rpc_request_seconds',
      help: 'Time a node took to answer.',
      labelNames: ['network', 'method', 'outcome'] as const,
      buckets: requestBuckets,
      registers,
    }),
    sockets: new Gauge({
      name: 'slipway_live_connections',
      help: 'Open WebSocket and SSE connections.',
      labelNames: ['transport'] as const,
      registers,
    }),
  };
}
