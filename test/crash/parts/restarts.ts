import type { Transition } from './job-ledger.ts';

/** A worker process that was killed. */
export interface WorkerKill {
  /** As it signs its leases. */
  owner: string;
  /** When the process was started, in milliseconds of the clock: a process id may be given out twice. */
  from: number;
  at: number;
}

/** While a worker process was up, in milliseconds of the clock. */
export interface Span {
  from: number;
  to: number;
}

/** A job that a killed worker had in hand, and that somebody had again. */
export interface Restart {
  /** From the kill on. */
  seconds: number;
  /** Those of them in which a worker process was up: with none there is nobody who could have taken the job. */
  attendedSeconds: number;
  /** What happened to the job, with seconds from the kill: for people who wonder about a slow one. */
  story: string;
}

export interface Restarts {
  restarts: Restart[];
  /** Jobs in hand whose end was on its way to the database at the kill, and arrived. */
  endedByLastWords: number;
  /** Jobs in hand that nobody took up again. */
  never: string[];
}

const terminal = ['succeeded', 'failed', 'cancelled'];
/** A claim that was on its way at the kill is committed a moment after it. */
const lateMs = 1_000;

/**
 * Measures how long the jobs of killed workers lay still. None is left out: also those count that nobody could take
 * up meanwhile because the database was killed as well.
 *
 * @param options.spans when worker processes were up; they may overlap
 */
export function measureRestarts(options: {
  transitions: Iterable<readonly Transition[]>;
  kills: readonly WorkerKill[];
  spans: readonly Span[];
}): Restarts {
  const { transitions, kills, spans } = options;
  const found: Restarts = { restarts: [], endedByLastWords: 0, never: [] };
  for (const list of transitions) {
    for (const kill of kills) measureOne(list, { kill, spans, found });
  }
  return found;
}

function measureOne(
  list: readonly Transition[],
  { kill, spans, found }: { kill: WorkerKill; spans: readonly Span[]; found: Restarts },
): void {
  const claimed = list.findLastIndex(
    ({ state, leaseOwner, at }) =>
      state === 'running' && leaseOwner === kill.owner && at >= kill.from && at <= kill.at + lateMs,
  );
  const next = list[claimed + 1];
  const wasInHand = claimed >= 0 && (next === undefined || next.at > kill.at);
  if (!wasInHand) return;
  if (next && terminal.includes(next.state)) {
    found.endedByLastWords += 1;
    return;
  }
  const again = list.slice(claimed + 1).find(({ state }) => state === 'running' || terminal.includes(state));
  if (!again) {
    found.never.push(list[0]?.jobId ?? '');
    return;
  }
  found.restarts.push({
    seconds: (again.at - kill.at) / 1000,
    attendedSeconds: covered({ from: kill.at, to: again.at }, spans) / 1000,
    story: tell(list, kill),
  });
}

/** @returns how many milliseconds of `whole` lie in at least one of the spans */
function covered(whole: Span, spans: readonly Span[]): number {
  let sum = 0;
  let reached = whole.from;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const begin = Math.max(from, reached);
    const end = Math.min(to, whole.to);
    if (end <= begin) continue;
    sum += end - begin;
    reached = end;
  }
  return sum;
}

function tell(list: readonly Transition[], kill: WorkerKill): string {
  const steps = list.map(({ at, state, leaseOwner }) => {
    return `${((at - kill.at) / 1000).toFixed(2)} ${state}${leaseOwner ? ` (${leaseOwner})` : ''}`;
  });
  return `${list[0]?.jobId}, seconds from the kill of ${kill.owner}: ${steps.join(', ')}`;
}
