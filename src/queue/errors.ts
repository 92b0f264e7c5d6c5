import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'job-timeout': {
    status: 504,
    title: 'Job took too long',
    message: 'The {kind} job ran for {seconds} s, which is its limit.',
    hint: 'Make the input smaller, or try again when the machine is less busy.',
    retryable: true,
  },
  'job-poisoned': {
    status: 500,
    title: 'Job keeps losing its worker',
    message: 'The {kind} job lost its worker {losses} times and was given up.',
    hint: 'It probably ends the process that runs it. Look at the server log around these times and report it.',
  },
  'job-crashed': {
    status: 500,
    title: 'Job failed unexpectedly',
    message: 'The {kind} job failed for a reason that is not yours.',
    hint: 'Try again; if it stays, look for the request id in the server log.',
    retryable: true,
  },
  'job-finished': {
    status: 409,
    title: 'Job has ended',
    message: 'The job is {state} already.',
    hint: 'A finished job stays as it is; start a new one.',
  },
  'owner-queue-full': {
    status: 429,
    title: 'Your queue is full',
    message: 'You have {max} jobs that nobody has started yet, which is the limit of your tier.',
    hint: 'Wait as long as Retry-After says, or cancel some of them.',
    retryable: true,
  },
  'service-queue-full': {
    status: 503,
    title: 'The queue is full',
    message: 'The service has {max} jobs that nobody has started yet, and takes no more for now.',
    hint: 'Wait as long as Retry-After says. Operators: start more workers, see the runbook on jobs.',
    retryable: true,
  },
  'job-not-cancellable': {
    status: 409,
    title: 'Too late to cancel',
    message: 'The deployment was signed already and may be on its way.',
    hint: 'Follow the deployment; what was sent cannot be un-sent.',
  },
});

/** The worker is no longer the one that may write: its transaction is rolled back and its work dropped. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The reason of the abort signal when somebody cancelled the job. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}
