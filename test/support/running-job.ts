import { sql } from 'kysely';
import { newId } from '../../src/lib/ids.ts';
import type { Store } from '../../src/store/db.ts';
import type { Held } from '../../src/store/deployment-journal.ts';
import type { Ownership } from '../../src/store/generations.ts';

/** A deploy job of the subject that a worker has, as its row says. @returns the lease to write under */
export async function insertRunningJob(store: Store, owner: Ownership, subjectId = newId()): Promise<Held> {
  const jobId = newId();
  const { ownerId, userId, projectId } = owner;
  await sql`insert into jobs (id, owner_id, created_by, project_id, kind, subject_id, attempts_max, lane, state, fence)
    values (${jobId}, ${ownerId}, ${userId}, ${projectId}, 'deploy', ${subjectId}, 10, 2, 'running', 7)`.execute(
    store.read,
  );
  return { jobId, fence: 7, unsigned: true };
}
