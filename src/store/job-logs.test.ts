import { afterAll, beforeAll, expect, test } from 'vitest';
import { testOwner, testStore } from '../../test/support/store.ts';
import { newId } from '../lib/ids.ts';
import { limits } from '../lib/limits.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Store } from './db.ts';
import type { Ownership } from './generations.ts';
import { appendJobLog as append, type NewLogLine, readJobLog } from './job-logs.ts';

let store: Store;
let owner: Ownership;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ store, close } = await testStore());
  owner = await testOwner(store);
});
afterAll(() => close());

const appendJobLog = (job: { id: string; ownerId: string }, lines: NewLogLine[]) =>
  store.transaction((tx) => append(tx, job, lines));

async function newJob(): Promise<{ id: string; ownerId: string }> {
  const id = await store.transaction((tx) =>
    enqueue(tx, { ...owner, kind: 'generate', subjectId: newId(), requestId: 'test' }),
  );
  return { id, ownerId: owner.ownerId };
}

const line = (message: string, data?: Record<string, unknown>): NewLogLine => ({
  at: new Date('2026-01-02T03:04:05.678Z'),
  level: 'info',
  message,
  ...(data ? { data } : {}),
});
const many = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => line(`line ${from + index}`));

async function readAll(job: { id: string; ownerId: string }) {
  const lines = [];
  for (let since: number | null = 0; since !== null; ) {
    const page: Awaited<ReturnType<typeof readJobLog>> = await readJobLog(store.read, {
      ownerId: job.ownerId,
      jobId: job.id,
      since,
      limit: limits.jobLogPageMax,
    });
    lines.push(...page.items);
    since = page.nextSince;
  }
  return lines;
}

test('lines keep their order, time, level and data, and are read page by page', async () => {
  const job = await newJob();
  expect(await readAll(job)).toEqual([]);
  await appendJobLog(job, [line('one', { step: 1 }), { ...line('two'), level: 'warn' }]);
  await appendJobLog(job, []);
  await appendJobLog(job, [line('three')]);
  const where = { ownerId: job.ownerId, jobId: job.id };
  const first = await readJobLog(store.read, { ...where, since: 0, limit: 2 });
  expect(first).toEqual({
    items: [
      { seq: 1, at: '2026-01-02T03:04:05.678Z', level: 'info', message: 'one', data: { step: 1 } },
      { seq: 2, at: '2026-01-02T03:04:05.678Z', level: 'warn', message: 'two', data: null },
    ],
    nextSince: 2,
  });
  const second = await readJobLog(store.read, { ...where, since: 2, limit: 2 });
  expect(second.items.map(({ seq, message }) => [seq, message])).toEqual([[3, 'three']]);
  expect(second.nextSince).toBeNull();
  expect(await readJobLog(store.read, { ...where, since: 3 })).toEqual({ items: [], nextSince: null });
});

test('writers at the same time take different numbers', async () => {
  const job = await newJob();
  await Promise.all(Array.from({ length: 20 }, () => appendJobLog(job, many(5))));
  expect((await readAll(job)).map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
});

test('a job keeps as many lines as the limit says, and the number of the others', async () => {
  const max = limits.jobLogLinesMax;
  const job = await newJob();
  await appendJobLog(job, many(max - 1));
  await appendJobLog(job, [line('the last')]);
  expect((await readAll(job)).at(-1)).toMatchObject({ seq: max, message: 'the last' });
  await appendJobLog(job, [line('too much')]);
  await appendJobLog(job, many(4));
  const lines = await readAll(job);
  expect(lines).toHaveLength(max + 1);
  expect(lines.at(-2)?.message).toBe('the last');
  expect(lines.at(-1)).toMatchObject({
    seq: max + 1,
    level: 'warn',
    message: `Lines dropped after this: 5. A job keeps ${max}.`,
  });
});

test('one call with far more than the limit keeps the first ones', async () => {
  const max = limits.jobLogLinesMax;
  const job = await newJob();
  await appendJobLog(job, many(max + 7));
  const lines = await readAll(job);
  expect(lines).toHaveLength(max + 1);
  expect(lines[max - 1]?.message).toBe(`line ${max}`);
  expect(lines[max]?.message).toContain('dropped after this: 7.');
});

test('a line is cut at its limit, after a whole character', async () => {
  const max = limits.jobLogLineBytesMax;
  const job = await newJob();
  await appendJobLog(job, [
    line('a'.repeat(max)),
    line('a'.repeat(max + 1)),
    line('€'.repeat(max)),
    line('😀'.repeat(max)),
    line('short', { text: 'b'.repeat(max) }),
    line('c'.repeat(max), { step: 1 }),
    line('d', { text: 'x'.repeat(max - 1 - '{"text":""}'.length) }),
    line('d', { text: 'x'.repeat(max - '{"text":""}'.length) }),
  ]);
  const lines = await readAll(job);
  const sizes = lines.map(
    ({ message, data }) => Buffer.byteLength(message) + (data ? Buffer.byteLength(JSON.stringify(data)) : 0),
  );
  expect(sizes.every((size) => size <= max)).toBe(true);
  expect(lines[0]?.message).toBe('a'.repeat(max));
  expect(lines[1]?.message).toMatch(/^a+… \[cut\]$/);
  expect(lines[2]?.message).toMatch(/^€+… \[cut\]$/);
  expect(lines[3]?.message).toMatch(/^(😀)+… \[cut\]$/u);
  expect(lines[4]).toMatchObject({ message: 'short', data: { cut: `${max + 11} bytes left out` } });
  expect(lines[5]).toMatchObject({ data: { step: 1 } });
  expect(lines[5]?.message).toMatch(/^c+… \[cut\]$/);
  expect(sizes[6]).toBe(max);
  expect(lines[7]?.data).toEqual({ cut: `${max} bytes left out` });
});

test('secrets do not get in, and text that a database does not take is made well', async () => {
  const job = await newJob();
  const key = 'slip_local_abcdefgh_ABCDEFGHIJKLMNOP';
  await appendJobLog(job, [
    line(`called with ${key} at postgres://me:hunter22@db/x`, {
      password: 'hunter22',
      note: `Bearer ${key}`,
      n: 1n,
    }),
    line('nul \0 and half a pair \ud800', { odd: 'nul \0 half \udfff' }),
  ]);
  const lines = await readAll(job);
  expect(JSON.stringify(lines)).not.toMatch(/hunter22|ABCDEFGHIJKLMNOP/);
  expect(lines[0]?.data).toEqual({ password: '[secret]', note: 'Bearer slip_[secret]', n: '1' });
  expect(lines[1]?.message).toBe('nul \ufffd and half a pair \ufffd');
  expect(lines[1]?.data).toEqual({ odd: 'nul \ufffd half \ufffd' });
});

test('a log of a job that is gone is dropped; to a stranger no job is there', async () => {
  const job = await newJob();
  await appendJobLog({ ...job, id: newId() }, [line('lost')]);
  const stranger = await testOwner(store, 'Eve');
  await appendJobLog({ id: job.id, ownerId: stranger.ownerId }, [line('not yours')]);
  await appendJobLog(job, [line('mine')]);
  expect((await readAll(job)).map(({ message }) => message)).toEqual(['mine']);
  const read = readJobLog(store.read, { ownerId: stranger.ownerId, jobId: job.id, since: 0 });
  await expect(read).rejects.toMatchObject({ code: 'not-found' });
  await store.read.deleteFrom('jobs').where('id', '=', job.id).execute();
  await appendJobLog(job, [line('late')]);
  const left = await store.read.selectFrom('job_logs').select('seq').where('job_id', '=', job.id).execute();
  expect(left).toEqual([]);
});
