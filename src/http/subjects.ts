import type { SubjectKind } from '../store/events.ts';
import { type JobState, terminalJobStates } from '../store/jobs.ts';

/** A job, pipeline or deployment at one moment: its row, read in one statement, with the number of its last event. */
export interface SubjectSnapshot {
  seq: number;
  /** What GET /api/v1/<kind>/:id replies. */
  subject: unknown;
  /** True when no further event can come. A pipeline that is retried comes back from it; a deployment never has it. */
  finished: boolean;
}

/** How waiting and live updates look at subjects; the server is given one. */
export interface SubjectReader {
  /** @throws AppError `not-found`, for a stranger's subject too */
  read(kind: SubjectKind, ownerId: string, id: string): Promise<SubjectSnapshot>;
}

/** @returns whether a subject in this state will change no more; see `SubjectSnapshot.finished` */
export function isFinished(kind: SubjectKind, subject: unknown): boolean {
  const { state } = subject as { state?: string };
  if (kind === 'jobs') return terminalJobStates.includes(state as JobState);
  if (kind === 'pipelines') return state !== 'queued' && state !== 'running';
  // What the chain says may change: a deployment is never over for those who watch it.
  return false;
}

/** @returns whether the subject may be finished with an event of this type; only then is it worth a look */
export function mayFinish(kind: SubjectKind, eventType: string): boolean {
  return kind !== 'deployments' && finishing.has(eventType);
}

const finishing: ReadonlySet<string> = new Set([...terminalJobStates, 'blocked']);
