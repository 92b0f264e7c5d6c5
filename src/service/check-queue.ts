import type { PartHealth } from '../ops/health.ts';
import type { Reader } from '../store/db.ts';
import { type QueueDepth, readQueueDepth } from '../store/queue-depth.ts';
import { listWorkers, type WorkerRow } from '../store/workers.ts';
import { showWorkerSeconds } from './start-workers.ts';

/** A job that was due so long ago is not simply waiting for its turn. */
const oldestSecondsMax = 60;

/** Looks at what is queued and who works on it, for `/health` and `slipway doctor`. */
export async function checkQueue(read: Reader): Promise<PartHealth> {
  const [depths, workers] = await Promise.all([
    readQueueDepth(read),
    listWorkers(read, showWorkerSeconds * 3),
  ]);
  const queued = depths.filter((depth) => depth.state === 'queued');
  const orphans = queued.filter(({ kind }) => !workers.some(({ kinds }) => kinds.includes(kind)));
  const oldest = Math.max(0, ...queued.map((depth) => depth.oldestSeconds));
  const problem =
    orphans.length > 0
      ? ` No worker takes ${orphans.map(({ kind }) => kind).join(', ')}: start \`slipway worker\`.`
      : workers.length === 0
        ? ' Nobody works on jobs: start `slipway worker`.'
        : oldest > oldestSecondsMax
          ? ' Jobs wait for long: start more workers, or look for what holds these up.'
          : '';
  return {
    status: problem ? 'degraded' : 'ok',
    detail: `${describeDepths(depths, oldest)}; ${describeWorkers(workers)}.${problem}`,
  };
}

function describeDepths(depths: readonly QueueDepth[], oldest: number): string {
  const sum = (state: string) =>
    depths.filter((depth) => depth.state === state).reduce((total, { count }) => total + count, 0);
  const age = sum('queued') > 0 ? ` (the oldest for ${Math.round(oldest)} s)` : '';
  return `${sum('queued')} queued${age}, ${sum('running')} running, ${sum('waiting')} waiting`;
}

function describeWorkers(workers: readonly WorkerRow[]): string {
  const busy = workers.reduce((total, { running }) => total + running, 0);
  return `${workers.length} ${workers.length === 1 ? 'process works' : 'processes work'} on jobs, ${busy} in hand`;
}
