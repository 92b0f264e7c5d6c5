import type { Tx } from '../store/db.ts';
import type { JobKind } from './kinds.ts';

/** Lets the job of a subject that waits for later go on at once: something changed that it should look at. */
export async function dueNow(tx: Tx, job: { kind: JobKind; subjectId: string }): Promise<void> {
  await tx.sql
    .updateTable('jobs')
    .set({ run_at: new Date() })
    .where('subject_id', '=', job.subjectId)
    .where('kind', '=', job.kind)
    .where('state', 'in', ['waiting', 'queued'])
    .where('run_at', '>', new Date())
    .execute();
  tx.dueKinds.add(job.kind);
}
