import { AppError } from '../lib/app-error.ts';
import { invariant } from '../lib/invariant.ts';
import { LeaseLostError } from '../queue/errors.ts';
import { recordChain } from '../store/chains.ts';
import type { Store, Tx } from '../store/db.ts';
import { type Held, type NonceSource, type TakenNonce, takeNoncesHeld } from '../store/deployment-journal.ts';

/** A nonce, and the epoch of the chain that it is for. */
export interface NonceSlot {
  epoch: number;
  nonce: number;
}

/** A deployment that is ready to be signed. */
export interface Signing {
  held(): Held;
  source: NonceSource;
  /** Signs for the nonce and writes everything down. Called anew when the transaction had to be undone. */
  write(tx: Tx, slot: NonceSlot): Promise<void>;
  /** It depends on what was signed before it, so it has a transaction of its own. */
  alone?: boolean;
  /** @returns what to reject with when there is no nonce for it */
  refusal(taken: 'lost' | 'cancelled'): Error;
}

/** Deployments that one transaction takes at most: those behind a slow signature wait for it. */
const togetherMax = 16;

interface Waiting {
  signing: Signing;
  done: PromiseWithResolvers<void>;
}

/**
 * Signs for deployments of one address together: those that come while others are being signed share the next
 * transaction. The account's row is locked from the moment a nonce is taken until it is on the disk, so an address that
 * takes them one by one makes no more deployments a second than there are such moments, whatever else is free.
 *
 * What goes wrong with one of them undoes all, and each is then done by itself: none is harmed by another, and no nonce is
 * lost.
 *
 * @returns how to sign; resolves when nonce, bytes and facts are committed, and rejects when nothing of it was kept
 */
export function createSigningQueue(store: Store): (signing: Signing) => Promise<void> {
  const queues = new Map<string, Waiting[]>();

  async function work(key: string, queue: Waiting[]): Promise<void> {
    // Whoever is ready in this turn of the event loop comes along.
    await Promise.resolve();
    while (queue.length > 0) await signAll(queue.splice(0, batchSize(queue)));
    queues.delete(key);
  }

  async function signAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const signings = batch.map(({ signing }) => signing);
      const taken = await store.transaction((tx) => writeAll(tx, signings));
      for (const [at, { signing, done }] of batch.entries()) {
        const one = taken[at]?.taken;
        if (one === 'nonce') done.resolve();
        else done.reject(signing.refusal(one === 'cancelled' ? 'cancelled' : 'lost'));
      }
    } catch (error) {
      // While the database is away, the same would become of each.
      const isAway = error instanceof AppError && error.code === 'database-unavailable';
      if (batch.length === 1 || isAway) for (const { done } of batch) done.reject(error);
      else for (const one of batch) await signAll([one]);
    }
  }

  return ({ source, ...signing }) => {
    const key = [source.chainId, source.genesisHash, source.address].join();
    const one = { signing: { ...signing, source }, done: Promise.withResolvers<void>() };
    const queue = queues.get(key);
    if (queue) queue.push(one);
    else {
      const begun = [one];
      queues.set(key, begun);
      void work(key, begun);
    }
    return one.done.promise;
  };
}

function batchSize(queue: readonly Waiting[]): number {
  const firstAlone = queue.findIndex(({ signing }) => signing.alone);
  return Math.min(togetherMax, firstAlone < 0 ? queue.length : Math.max(1, firstAlone));
}

async function writeAll(tx: Tx, signings: readonly Signing[]): Promise<TakenNonce[]> {
  const taken = await takeAll(tx, signings);
  const writes = signings.map(async (signing, at) => {
    const one = taken[at];
    if (one?.taken === 'nonce') await signing.write(tx, one);
  });
  // All have come to their end before the transaction does.
  await Promise.allSettled(writes);
  await Promise.all(writes);
  return taken;
}

async function takeAll(tx: Tx, signings: readonly Signing[]): Promise<TakenNonce[]> {
  const [first] = signings;
  invariant(first, 'somebody is to be signed for');
  const atLeast = Math.max(...signings.map(({ source }) => source.atLeast));
  const source = { ...first.source, atLeast };
  const take = () =>
    takeNoncesHeld(
      tx,
      signings.map((signing) => signing.held()),
      source,
    );
  const taken = await take();
  if (!taken.some((one) => one.taken === 'unknown')) return taken;
  await recordChain(tx, source.chainId, source.genesisHash as `0x${string}`);
  const again = await take();
  invariant(!again.some((one) => one.taken === 'unknown'), 'a chain that was recorded is known');
  return again;
}

/** @returns the error of a worker whose job is another's by now */
export function lostLease(jobId: string): LeaseLostError {
  return new LeaseLostError(`job ${jobId} is no longer this worker's`);
}
