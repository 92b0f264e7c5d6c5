import { sql } from 'kysely';
import type { Reader } from './db.ts';

/** How a job or pipeline stands, and the number of its last event, both of the same moment. */
export interface SubjectState {
  id: string;
  state: string;
  seq: number;
}

/** Looks at many subjects in one statement. Those that are gone are missing from the answer. */
export async function readSubjectStates(
  read: Reader,
  ids: { jobs: readonly string[]; pipelines: readonly string[] },
): Promise<SubjectState[]> {
  const { rows } = await sql<SubjectState>`
    select id, state, event_seq as seq from jobs where id = any(${ids.jobs}::uuid[])
    union all
    select id, state, event_seq from pipelines where id = any(${ids.pipelines}::uuid[])`.execute(read);
  return rows;
}
