import { limits } from '../lib/limits.ts';

/** A receiver that takes what it is sent, only slowly, is not left alone for longer than after so many silences. */
const slowSilencesMax = 3;

/** What an attempt tells about its receiver. */
export interface AttemptFacts {
  /** HTTP status, or null without a reply. */
  status: number | null;
  /** Whether the message was received, and if it was not whether the same attempt may succeed later. */
  end: 'taken' | 'retryable' | 'final';
  milliseconds: number;
  /** How often in a row there was no answer before. */
  silences: number;
}

/**
 * Says whether an attempt counts against its receiver, so that other deliveries wait: there was no answer, or one that
 * asks to be left alone, or one that took so long that many such receivers would hold all places of a process.
 *
 * @returns how many silences in a row the next pause is for, or null when the receiver is well
 */
export function countSilences({ status, end, milliseconds, silences }: AttemptFacts): number | null {
  const isSlow = milliseconds > limits.webhookSlowSeconds * 1000;
  const isSilent = end === 'retryable' && (status === null || isBusy(status));
  if (isSlow && end === 'taken') return Math.min(silences + 1, slowSilencesMax);
  return isSlow || isSilent ? silences + 1 : null;
}

/** Statuses by which a receiver asks for a pause, for which it may say how long (RFC 9110, RFC 6585). */
export function isBusy(status: number): boolean {
  return status === 429 || status === 503;
}
