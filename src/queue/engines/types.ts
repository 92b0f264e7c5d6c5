import type { Store } from '../../store/db.ts';
import type { JobKind } from '../kinds.ts';

/**
 * How workers in other processes learn that jobs are due. An engine carries wake-ups and nothing else: which jobs there
 * are, whose turn it is and who has them stands in the rows. Whatever an engine loses is found there.
 */
export interface Engine {
  /** Gives a worker its wake-ups. */
  join(worker: Sleeper): Seat;
  /** How it is, in a sentence for operators. */
  health(): Promise<{ ok: boolean; detail: string }>;
  close(): Promise<void>;
}

/** A worker as its engine sees it. */
export interface Sleeper {
  kinds: readonly JobKind[];
  /**
   * Makes it look for due jobs.
   * @returns whether it can take some
   */
  wake(): boolean;
  /** Resolves when it has looked. */
  looked(): Promise<void>;
}

/** A worker's place at its engine. */
export interface Seat {
  /**
   * The worker has no place and left something that is due; it looks by itself when it has a place: wake-ups are for
   * others. Or it took all that it found, and waits for wake-ups again.
   */
  setBusy(isBusy: boolean): void;
  /** There may be more than this worker could take: somebody else should look. */
  passOn(): void;
  leave(): Promise<void>;
}

/** Opens an engine. @param options.url of the server that it needs, if it needs one */
export type OpenEngine = (options: {
  store: Store;
  url: string | null;
  onError: (error: Error) => void;
}) => Engine;
