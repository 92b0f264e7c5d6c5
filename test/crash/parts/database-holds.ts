import type { Query } from './job-ledger.ts';

/** A session of the platform that waits inside of a statement until the proof lets it go. */
export interface HeldSession {
  /** Of the database's process. */
  backend: number;
  /** The process that works on the job, as it signed its lease. */
  worker: number;
}

/** Statements of the platform that are held in the middle. */
export interface DatabaseHold {
  /** @returns a session that is held now; null while there is none */
  find(): Promise<HeldSession | null>;
  /** Lets everybody go, and holds nobody any more. */
  release(): Promise<void>;
}

/** A lock of this class and a hold's number says who is held. */
const lockClass = 51_000_000;
/** Nobody is held for longer, should the proof itself have died. */
const holdSecondsMax = 10;

/**
 * Lets the proof stop a worker at an exact place that no call to a node marks: while it writes a fact, or while it ends
 * the job of a deployment that has one. Triggers do it that the platform does not know. Install it after the migrations.
 */
export async function installHolds(query: Query): Promise<void> {
  await query(`
    create table proof.holds (
      id integer generated always as identity primary key,
      moment text not null, fact text not null, network text not null,
      since timestamptz not null default clock_timestamp()
    );

    -- Volatile: each turn of the loop sees what the proof has written meanwhile.
    create function proof.hold(at_moment text, facts text[], deployment uuid, lease_owner text) returns void
    language plpgsql volatile security definer as $$
    declare hold_id integer;
    begin
      for turn in 1..${holdSecondsMax * 50} loop
        select holds.id into hold_id from proof.holds join public.deployments using (network)
        where deployments.id = deployment and moment = at_moment and fact = any (facts);
        exit when hold_id is null;
        perform pg_advisory_xact_lock_shared(${lockClass} + hold_id, substring(lease_owner from ':(\\d+)$')::integer);
        perform pg_sleep(0.02);
      end loop;
    end $$;

    create function proof.hold_write() returns trigger language plpgsql security definer as $$
    begin
      perform proof.hold('write', array[new.message->>'kind'], new.deployment_id, coalesce((select lease_owner
        from public.jobs where subject_id = new.deployment_id and kind = 'deploy' and state = 'running'),
        -- The job has ended before in this transaction: its worker is who ended it.
        nullif(current_setting('proof.ended_by', true), '')));
      return new;
    end $$;
    create trigger proof_hold before insert on deployment_journal
      for each row execute function proof.hold_write();

    create function proof.hold_end() returns trigger language plpgsql security definer as $$
    begin
      perform set_config('proof.ended_by', old.lease_owner, true);
      perform proof.hold('end', array(select message->>'kind' from public.deployment_journal
        where deployment_id = new.subject_id), new.subject_id, old.lease_owner);
      return new;
    end $$;
    create trigger proof_hold before update on jobs for each row
      when (new.kind = 'deploy' and old.state = 'running' and new.state in ('succeeded', 'failed', 'cancelled'))
      execute function proof.hold_end();`);
}

/**
 * Holds whoever comes to this place next.
 *
 * @param place.moment `write` while the fact is written, `end` when the job ends of a deployment that has it
 */
export async function holdAt(
  query: Query,
  place: { moment: 'write' | 'end'; fact: string; network: string },
): Promise<DatabaseHold> {
  const [row] = await query<{ id: number }>(
    'insert into proof.holds (moment, fact, network) values ($1, $2, $3) returning id',
    [place.moment, place.fact, place.network],
  );
  const id = row?.id;
  return {
    async find() {
      const [held] = await query<HeldSession>(
        `select pid as backend, objid::integer as worker from pg_locks where locktype = 'advisory' and classid = $1`,
        [lockClass + (id ?? 0)],
      );
      return held ?? null;
    },
    release: async () => void (await query('delete from proof.holds where id = $1', [id])),
  };
}

/** Ends a session as if its connection had broken before the statement came through: nothing of it is committed. */
export async function endSession(query: Query, { backend }: HeldSession): Promise<void> {
  await query('select pg_terminate_backend($1)', [backend]);
}

/** @returns who works on a deployment of this network that has had such a fact since then, as they sign their leases */
export async function workersPast(
  query: Query,
  place: { fact: string; network: string; since: Date },
): Promise<string[]> {
  const rows = await query<{ owner: string }>(
    `select distinct lease_owner as owner from deployment_journal
    join deployments on deployments.id = deployment_id join jobs on jobs.subject_id = deployment_id
    where message->>'kind' = $1 and network = $2 and at >= $3
      and jobs.kind = 'deploy' and jobs.state = 'running' and lease_owner is not null`,
    [place.fact, place.network, place.since],
  );
  return rows.map(({ owner }) => owner);
}
