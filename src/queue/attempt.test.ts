import { expect, test, vi } from 'vitest';
import { limits } from '../lib/limits.ts';
import { fail as gone } from '../store/errors.ts';
import { attempt, type JobHandler } from './attempt.ts';
import type { ClaimedJob } from './claim.ts';
import { CancelledError, fail, LeaseLostError } from './errors.ts';
import { kinds } from './kinds.ts';

const job: ClaimedJob = {
  id: 'job',
  kind: 'compile',
  subjectId: 'subject',
  ownerId: 'owner',
  userId: 'user',
  projectId: 'project',
  pipelineId: null,
  requestId: null,
  attempts: 0,
  attemptsMax: 3,
  fence: 1,
  resumed: false,
  secondsBefore: 0,
};

function run(handler: JobHandler | undefined, controller = new AbortController(), of = job) {
  const crashes: unknown[] = [];
  const outcome = attempt({
    job: of,
    handler,
    controller,
    control: { progress: async () => {}, log() {} },
    onCrash: (error) => crashes.push(error),
  });
  return { outcome, crashes, controller };
}

/** A handler that hears nothing and never ends. */
const deaf: JobHandler = () => new Promise(() => {});

test('a handler that never ends is told at its time limit, and left behind when it does not listen', async () => {
  vi.useFakeTimers();
  try {
    const { outcome, controller } = run(deaf);
    await vi.advanceTimersByTimeAsync(kinds.compile.secondsMax * 1000);
    expect(controller.signal.reason).toMatchObject({ code: 'job-timeout' });
    await vi.advanceTimersByTimeAsync(limits.jobAbortSeconds * 1000);
    expect(await outcome).toMatchObject({ state: 'queued', error: { code: 'job-timeout' } });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ['a cancel', new CancelledError('cancelled'), { state: 'cancelled' }],
  ['a lost lease', new LeaseLostError('gone'), undefined],
])('%s ends the attempt of a deaf handler too', async (_, reason, expected) => {
  vi.useFakeTimers();
  try {
    const { outcome, controller } = run(deaf);
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(limits.jobAbortSeconds * 1000);
    expect(await outcome).toEqual(expected);
  } finally {
    vi.useRealTimers();
  }
});

test('errors become outcomes: retryable ones while attempts are left, others at once, ours to mend are reported', async () => {
  const retryable = () => Promise.reject(fail('job-timeout', { kind: 'compile', seconds: 1 }));
  expect(await run(retryable).outcome).toMatchObject({ state: 'queued' });
  const last = { ...job, attempts: 2 };
  expect(await run(retryable, undefined, last).outcome).toMatchObject({ state: 'failed' });
  const missing = () => Promise.reject(gone('not-found', { what: 'build', id: 'x' }));
  expect(await run(missing).outcome).toMatchObject({
    state: 'failed',
    error: { code: 'not-found' },
  });
  const bug = new TypeError('ours');
  const { outcome, crashes } = run(() => Promise.reject(bug));
  expect(await outcome).toMatchObject({ state: 'queued', error: { code: 'job-crashed' } });
  expect(crashes).toEqual([bug]);
});

test('a kind that nobody handles fails with a name, it does not hang', async () => {
  const { outcome, crashes } = run(undefined);
  expect(await outcome).toMatchObject({ error: { code: 'job-crashed' } });
  expect(String(crashes[0])).toContain('no handler for compile');
});
