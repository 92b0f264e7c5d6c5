/** Runs one statement with its parameters. */
export type Query = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

/** A job's change of state or of hands. */
export interface Transition {
  jobId: string;
  state: string;
  /** Of the worker that has it from now on. */
  leaseOwner: string | null;
  /** Milliseconds of the clock. */
  at: number;
}

/** What the ledger knows of one job. */
export interface LedgerEntry {
  /** The terminal states that it went into, in order. */
  endings: string[];
  /** How often what it makes was written down as finished. */
  effects: number;
}

const terminal = `('succeeded', 'failed', 'cancelled')`;

/**
 * Counts what happens to jobs, in the very transactions in which it happens and in tables that the platform does not
 * know: a job that ended twice shows here, whatever its own row says. Install it after the migrations.
 */
export async function installLedger(query: Query): Promise<void> {
  await query(`
    create schema proof;
    create table proof.transitions (
      seq bigint generated always as identity primary key,
      job_id uuid not null,
      state text not null,
      lease_owner text,
      -- False where only the worker changed.
      entered boolean not null,
      at timestamptz not null default clock_timestamp()
    );
    create index on proof.transitions (job_id, seq);
    create table proof.effects (seq bigint generated always as identity primary key, subject_id uuid not null);

    -- They write as their owner, as the platform's role may do nothing here.
    create function proof.note_transition() returns trigger language plpgsql security definer as $$
    begin
      if tg_op = 'INSERT' or new.state is distinct from old.state then
        insert into proof.transitions (job_id, state, lease_owner, entered)
        values (new.id, new.state, new.lease_owner, true);
      elsif new.lease_owner is distinct from old.lease_owner then
        insert into proof.transitions (job_id, state, lease_owner, entered)
        values (new.id, new.state, new.lease_owner, false);
      end if;
      return null;
    end $$;
    create trigger proof_transitions after insert or update on jobs
      for each row execute function proof.note_transition();

    create function proof.note_effect() returns trigger language plpgsql security definer as $$
    begin
      insert into proof.effects (subject_id) values (new.id);
      return null;
    end $$;
    create trigger proof_effects after update of status on generations
      for each row when (new.status <> 'pending') execute function proof.note_effect();
    create trigger proof_effects after update of status on builds
      for each row when (new.status <> 'pending') execute function proof.note_effect();`);
}

/** @returns what the ledger knows, by job */
export async function readLedger(query: Query): Promise<Map<string, LedgerEntry>> {
  const rows = await query<{ id: string; endings: string[]; effects: string }>(`
    select jobs.id,
      array(select state from proof.transitions where job_id = jobs.id and entered and state in ${terminal}
        order by seq) as endings,
      (select count(*) from proof.effects where subject_id = jobs.subject_id) as effects
    from jobs where kind in ('generate', 'compile')`);
  return new Map(rows.map(({ id, endings, effects }) => [id, { endings, effects: Number(effects) }]));
}

/** @returns every transition, oldest first, by job */
export async function readTransitions(query: Query): Promise<Map<string, Transition[]>> {
  const rows = await query<{ job_id: string; state: string; lease_owner: string | null; at: number }>(`
    select job_id, state, lease_owner, (extract(epoch from at) * 1000)::float8 as at
    from proof.transitions order by seq`);
  const byJob = new Map<string, Transition[]>();
  for (const { job_id: jobId, state, lease_owner: leaseOwner, at } of rows) {
    const list = byJob.get(jobId) ?? [];
    list.push({ jobId, state, leaseOwner, at });
    byJob.set(jobId, list);
  }
  return byJob;
}

/** @param at milliseconds of the clock @returns how many jobs were there and not ended at that moment */
export async function countUnfinishedAt(query: Query, at: number): Promise<number> {
  const [row] = await query<{ count: string }>(
    `select count(*) from (
      select from proof.transitions where at <= to_timestamp($1::float8 / 1000)
      group by job_id having not bool_or(state in ${terminal})) as unfinished`,
    [at],
  );
  return Number(row?.count);
}
