import type { Log } from '../actions/platform.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { WorkerEvent } from '../queue/worker.ts';

/** Turns what a worker does into log lines and metrics. */
export function watchJobs(log: Log, metrics: Metrics): (event: WorkerEvent) => void {
  return (event) => {
    if (event.type === 'trouble') {
      log.warn({ err: event.error }, 'the worker has trouble and tries again');
      return;
    }
    if (event.type === 'reconciled') {
      metrics.leaseLosses.inc(event.count);
      log.warn({ jobs: event.count }, 'jobs were taken back from workers that fell silent');
      return;
    }
    if (event.type === 'stuck') {
      const { id: jobId, kind } = event.job;
      log.error(
        { jobId, kind, err: event.error },
        'a job could not be taken back from a worker that fell silent',
      );
      return;
    }
    const { id: jobId, kind, requestId } = event.job;
    const facts = { jobId, kind, requestId };
    if (event.type === 'started') {
      const { resumed, secondsBefore } = event.job;
      metrics.jobsRunning.inc({ kind });
      metrics.jobsStarted.inc({ kind, how: resumed ? 'resumed' : 'started' });
      metrics.jobStateSeconds.observe({ kind, state: resumed ? 'waiting' : 'queued' }, secondsBefore);
      log.debug(facts, 'job started');
    } else if (event.type === 'crashed') {
      log.error({ ...facts, err: event.error }, 'job failed unexpectedly');
    } else if (event.type === 'unsettled') {
      metrics.jobsRunning.dec({ kind });
      metrics.jobsEnded.inc({ kind, outcome: 'unsettled' });
      log.error(
        { ...facts, err: event.error },
        'how a job ended could not be written down; its lease runs out',
      );
    } else if (event.type === 'lost') {
      metrics.jobsRunning.dec({ kind });
      metrics.jobsEnded.inc({ kind, outcome: 'lease_lost' });
      log.warn(facts, 'job lost its lease');
    } else {
      const outcome = event.state === 'queued' ? 'retried' : event.state;
      metrics.jobsRunning.dec({ kind });
      metrics.jobsEnded.inc({ kind, outcome });
      metrics.jobStateSeconds.observe({ kind, state: 'running' }, event.seconds);
      metrics.jobSeconds.observe({ kind, outcome }, event.seconds);
      const level = outcome === 'failed' || outcome === 'retried' ? 'info' : 'debug';
      log[level]({ ...facts, outcome, seconds: event.seconds, code: event.error?.code }, `job ${outcome}`);
    }
  };
}
