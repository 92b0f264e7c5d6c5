import { sql } from 'kysely';
import type { Reader } from './db.ts';

/** A process that works on jobs, as it last showed itself. */
export interface WorkerRow {
  name: string;
  kinds: string[];
  engine: string;
  concurrency: number;
  running: number;
  secondsSilent: number;
}

/** After so long without a sign a worker counts as gone, and its row as litter. */
const litterMinutes = 60;

/** Shows that the worker lives, and clears away those that fell silent long ago. */
export async function showWorker(
  read: Reader,
  worker: { name: string; kinds: string[]; engine: string; concurrency: number; running: number },
): Promise<void> {
  const { name, kinds, engine, concurrency, running } = worker;
  await sql`
    with litter as (delete from workers where seen_at < now() - make_interval(mins => ${litterMinutes}))
    insert into workers (name, kinds, engine, concurrency, running)
    values (${name}, ${kinds}, ${engine}, ${concurrency}, ${running})
    on conflict (name) do update set kinds = excluded.kinds, engine = excluded.engine,
      concurrency = excluded.concurrency, running = excluded.running, seen_at = now()`.execute(read);
}

/** Takes a worker that stops off the list. */
export async function removeWorker(read: Reader, name: string): Promise<void> {
  await read.deleteFrom('workers').where('name', '=', name).execute();
}

/** @returns the workers that showed themselves within `seconds` */
export async function listWorkers(read: Reader, seconds: number): Promise<WorkerRow[]> {
  const { rows } = await sql<WorkerRow>`
    select name, kinds, engine, concurrency, running,
      extract(epoch from now() - seen_at)::float8 as "secondsSilent"
    from workers where seen_at > now() - make_interval(secs => ${seconds}) order by name`.execute(read);
  return rows;
}
