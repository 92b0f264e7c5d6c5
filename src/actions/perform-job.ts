import type { JobKind } from '../queue/kinds.ts';
import type { Tx } from '../store/db.ts';
import { terminalJobStates } from '../store/jobs.ts';
import { getFreshJob, getJobWithResult, type JobWithResult } from '../store/results.ts';
import { admitJob } from './admit-job.ts';
import { perform } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';
import type { Requested } from './request-generation.ts';

/** What is kept of a job that had ended when it was accepted: it never changes, and its build may be large. */
interface EndedReply {
  endedJobId: string;
}

/**
 * `perform` for an action that makes one job: the result is the job as its owner sees it at that moment.
 * @throws AppError those of `perform` and of `admitJob`
 */
export async function performJob(
  platform: Platform,
  context: ActionContext,
  work: (tx: Tx) => Promise<Requested & { kind: JobKind }>,
): Promise<JobWithResult> {
  const { ownerId } = context.actor;
  const show = async (tx: Tx): Promise<{ view: Promise<JobWithResult> | JobWithResult }> => {
    await admitJob(platform, tx, context);
    const made = await work(tx);
    return { view: getFreshJob(tx, made) ?? (await getJobWithResult(tx.sql, ownerId, made.jobId)) };
  };
  // Nothing has to be stored beside a key: what is shown may still be under way when the commit leaves.
  if (!context.idempotency) return (await platform.store.transaction(show)).view;
  const admitted = async (tx: Tx) => (await show(tx)).view;
  return perform(platform, context, admitted, {
    brief: {
      of: (job): JobWithResult | EndedReply =>
        terminalJobStates.includes(job.state) ? { endedJobId: job.id } : job,
      async read(tx, kept) {
        const reply = kept as JobWithResult | EndedReply;
        return 'endedJobId' in reply ? getJobWithResult(tx.sql, ownerId, reply.endedJobId) : reply;
      },
    },
    life: (job) => (job.kind === 'deploy' ? { deploymentId: job.subjectId } : {}),
  });
}
