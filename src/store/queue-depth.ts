import { sql } from 'kysely';
import type { Reader } from './db.ts';

/** How many jobs of a kind are in a state in which something is still to happen. */
export interface QueueDepth {
  kind: string;
  state: 'queued' | 'running' | 'waiting';
  count: number;
  /** How long the one that came first has been in this state, in seconds. Queued ones count from when they were due. */
  oldestSeconds: number;
}

/** Each part has the condition of a partial index, so that finished jobs are not looked at. */
export async function readQueueDepth(read: Reader): Promise<QueueDepth[]> {
  const { rows } = await sql<QueueDepth>`
    select kind, 'queued' as state, count(*)::int as count,
      greatest(0, extract(epoch from now() - min(greatest(run_at, state_since))))::float8 as "oldestSeconds"
    from jobs where state = 'queued' group by kind
    union all
    select kind, 'running', count(*)::int, extract(epoch from now() - min(state_since))::float8
    from jobs where state = 'running' group by kind
    union all
    select kind, 'waiting', count(*)::int, extract(epoch from now() - min(state_since))::float8
    from jobs where state in ('queued', 'waiting') and turn = 0 and state = 'waiting' group by kind
    order by 1, 2`.execute(read);
  return rows;
}
