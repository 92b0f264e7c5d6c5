import type { OwnerCreatedHook } from '../actions/create-account.ts';
import type { Platform } from '../actions/platform.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { SubjectReader } from './subjects.ts';
import type { SubjectWaits } from './wait-for-subject.ts';

/** What all routes of one server share. */
export interface Frame {
  platform: Platform;
  limiter: RateLimiter;
  /** Those who ask for one subject at the same time share a read. */
  subjects: SubjectReader;
  waits: SubjectWaits;
  onOwnerCreated: readonly OwnerCreatedHook[];
  /** Check every reply against its schema: for tests. */
  checkReplies: boolean;
  /** Aborted when the server begins to stop: waiting requests and live connections end then. */
  stopping: AbortSignal;
}
