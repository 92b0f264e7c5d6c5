import { sql } from 'kysely';
import { limits } from '../lib/limits.ts';
import { bound, type Tx } from '../store/db.ts';
import { fail } from './errors.ts';

/** SQLSTATE of `jobs_admit`: the owner's queue is full. */
const ownerFull = 'SLQ01';

/** How long a look at the whole queue is good for, in milliseconds. */
const lookMs = 1_000;
/** The same when the queue is full: each look then counts as many rows as there may be. */
const fullLookMs = 500;

/** Says whether the queue takes another job from outside; what follows from an accepted job is never refused. */
export interface Admission {
  /**
   * Refuses when nobody has started as many jobs of all owners as the service takes. Looked at once a second and
   * counted on from there, so with several processes a few more may slip in.
   * @throws AppError `service-queue-full`
   */
  checkService(tx: Tx): Promise<void>;
  /**
   * Refuses the transaction when nobody has started as many of the owner's jobs as the tier allows; null is no limit.
   * Nobody waits for the answer: the transaction fails with AppError `owner-queue-full`.
   */
  checkOwner(tx: Tx, owner: { ownerId: string; queuedMax: number | null }): void;
}

/** @param options.queuedMax jobs of all owners that nobody has started */
export function createAdmission(options: { queuedMax: number }): Admission {
  const { queuedMax } = options;
  let depth = 0;
  let accepted = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  /** On the connection of whoever asks: one more might not be had while as many wait for it as there are. */
  async function look(tx: Tx): Promise<void> {
    accepted = 0;
    const { rows } = await sql<{ depth: number }>`select count(*)::int as depth from
      (select from jobs where lane <> 1 and state = 'queued' limit ${queuedMax}) as queued`.execute(tx.sql);
    depth = rows[0]?.depth ?? 0;
    lookedAt = performance.now();
  }

  return {
    async checkService(tx) {
      const age = performance.now() - lookedAt;
      if (age > lookMs || (depth + accepted >= queuedMax && age > fullLookMs)) {
        looking ??= look(tx).finally(() => {
          looking = undefined;
        });
        // Whose connection broke is no concern of the others.
        await looking.catch(() => look(tx));
      }
      if (depth + accepted >= queuedMax) {
        throw fail(
          'service-queue-full',
          { max: queuedMax },
          { retryAfterSeconds: limits.retryAfterFullSeconds },
        );
      }
      accepted += 1;
    },
    checkOwner(tx, { ownerId, queuedMax: max }) {
      if (max === null) return;
      tx.send(bound('select jobs_admit($1, $2)', [ownerId, max]), (error) =>
        error instanceof Error && 'code' in error && error.code === ownerFull
          ? fail('owner-queue-full', { max }, { retryAfterSeconds: limits.retryAfterFullSeconds })
          : error,
      );
    },
  };
}
