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
    jobsStarted: new Counter({
      name: 'slipway_jobs_started_total',
      help: 'Runs of jobs that began in this process; `resumed` for those that went on after waiting.',
      labelNames: ['kind', 'how'] as const,
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
    /** Of what a job was in before it came to its next state: queued, running or waiting. */
    jobStateSeconds: new Histogram({
      name: 'slipway_job_state_seconds',
      help: 'Time a job stayed in a state.',
      labelNames: ['kind', 'state'] as const,
      buckets: [...requestBuckets, 30, 60, 300, 1_800],
      registers,
    }),
    leaseLosses: new Counter({
      name: 'slipway_job_lease_losses_total',
      help: 'Jobs that this process took back from workers that fell silent.',
      registers,
    }),
    queueDepth: new Gauge({
      name: 'slipway_queue_jobs',
      help: 'Jobs of the whole service by kind and state, as far as something is still to happen with them.',
      labelNames: ['kind', 'state'] as const,
      registers,
    }),
    queueOldestSeconds: new Gauge({
      name: 'slipway_queue_oldest_seconds',
      help: 'How long the job that came first has been in its state.',
      labelNames: ['kind', 'state'] as const,
      registers,
    }),
    queueReadable: new Gauge({
      name: 'slipway_queue_readable',
      help: '1 when the numbers of the whole queue could be read, else 0.',
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
