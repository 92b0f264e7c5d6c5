import { hostname } from 'node:os';
import { endJob } from '../actions/end-job.ts';
import type { Platform } from '../actions/platform.ts';
import { jobHandlers } from '../jobs/index.ts';
import { limits } from '../lib/limits.ts';
import type { Config } from '../ops/config.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Engine } from '../queue/engines/types.ts';
import { type JobKind, jobKinds, type Lane, lanes, kinds as rules } from '../queue/kinds.ts';
import { startWorker, type Worker } from '../queue/worker.ts';
import { appendJobLog } from '../store/job-logs.ts';
import { removeWorker, showWorker } from '../store/workers.ts';
import { repeat } from './repeat.ts';
import { watchJobs } from './watch-jobs.ts';

/** How often a process shows that it works, in seconds; `health-checks` takes three missed ones for its end. */
export const showWorkerSeconds = 5;

/** Jobs at a time of the lanes that mostly wait; the setting is about those that need processors. */
const places: Partial<Record<Lane, number>> = {
  delivery: limits.deliveriesInFlightPerProcess,
  chain: limits.deploymentsInFlightPerProcess,
};

/**
 * Starts the workers of this process, one a lane, and shows them in the table of workers.
 * @returns how to stop them: jobs in hand get the grace time, then they are handed back
 */
export function startWorkers(options: {
  config: Config;
  platform: Platform;
  engine: Engine;
  kinds: readonly JobKind[] | null;
  metrics: Metrics;
}): { stop(): Promise<void> } {
  const { config, platform, engine, metrics } = options;
  const { store, log } = platform;
  const kinds = options.kinds ?? jobKinds;
  const name = `${hostname()}:${process.pid}`;
  const worked = (Object.keys(lanes) as Lane[]).filter((lane) =>
    kinds.some((kind) => rules[kind].lane === lane),
  );
  const workers = worked.map(
    (lane, at): Worker =>
      startWorker({
        ...{ store, engine, name, lane },
        handlers: jobHandlers(
          platform,
          kinds.filter((kind) => rules[kind].lane === lane),
        ),
        reconciles: at === 0,
        onEnded: endJob(platform),
        leaseSeconds: config.leaseSeconds,
        concurrency: places[lane] ?? config.jobsInFlight,
        onEvent: watchJobs(log, metrics),
        keepLog: appendJobLog,
      }),
  );
  const show = () =>
    showWorker(store.read, {
      name,
      kinds: [...kinds],
      engine: config.queueEngine,
      concurrency: config.jobsInFlight,
      running: workers.reduce((sum, worker) => sum + worker.inFlight(), 0),
    });
  const onError = (error: unknown) => log.warn({ err: error }, 'the worker could not show itself');
  show().catch(onError);
  const shows = repeat(show, { everyMs: showWorkerSeconds * 1000, onError });
  return {
    async stop() {
      await shows.stop();
      await Promise.all(workers.map((worker) => worker.stop(config.graceSeconds * 1000)));
      await removeWorker(store.read, name);
    },
  };
}
