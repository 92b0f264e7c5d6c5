import { expect, test } from 'vitest';
import { type LimitedRun, runLimited } from './run-limited.ts';

const run = (script: string, more: Partial<LimitedRun> = {}) =>
  runLimited({
    ...{ path: '/bin/sh', words: ['-c', script], cwd: '/', env: { GIVEN: 'yes' } },
    ...{ seconds: 60, bytesMax: 1_000_000, addressBytesMax: null },
    ...more,
  });

test('gives what it says and its exit status, and hands over nothing but the environment it is given', async () => {
  const ended = await run('cat; echo " $GIVEN$HOME"; echo oops >&2; exit 3', { input: Buffer.from('words') });
  expect({ ...ended, output: ended.output.toString('utf8') }).toEqual({
    ...{ code: 3, output: 'words yes\n', errors: 'oops\n', fault: null },
  });
});

test('is killed with its children past its time and its output', async () => {
  expect(await run('sleep 300 & sleep 300', { seconds: 1 })).toMatchObject({
    code: 'SIGKILL',
    fault: 'time',
  });
  const chatty = await run('yes', { bytesMax: 1_000 });
  expect(chatty).toMatchObject({ code: 'SIGKILL', fault: 'output' });
  expect(chatty.output.length).toBeLessThanOrEqual(1_000);
});

test('cannot take more address space than it may', async () => {
  const greedy = 'x=$(head -c 400000000 /dev/zero | tr "\\0" x); echo ${#x}';
  const ended = await run(greedy, { addressBytesMax: 100_000_000 });
  expect(ended.output.toString('utf8')).not.toContain('400000000');
});

test('a child that outlives it does not hold it up', async () => {
  const ended = await run('sleep 300 & echo done');
  expect(ended).toMatchObject({ code: 0, fault: null });
  expect(ended.output.toString('utf8')).toBe('done\n');
});

test('what is no program is an exit status of the shell; a folder that is not there is thrown', async () => {
  expect(await run('', { path: '/nowhere/program' })).toMatchObject({ code: 127 });
  await expect(run('true', { cwd: '/nowhere' })).rejects.toThrow('ENOENT');
});
