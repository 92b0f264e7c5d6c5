import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { startCompiler } from './start-compiler.ts';
import type { Compiler } from './types.ts';

const started: Compiler[] = [];
afterEach(async () => {
  for (const compiler of started.splice(0)) await compiler.close();
});

async function start(options: Parameters<typeof startCompiler>[0] = {}): Promise<Compiler> {
  const compiler = await startCompiler({ workers: 1, ...options });
  started.push(compiler);
  return compiler;
}

const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';
const small = { sources: { 'A.sol': `${header}contract A { uint public x; }` } };
/** Takes the optimizer far longer than any limit below. */
const slow = {
  sources: {
    'Slow.sol': `${header}contract Slow { mapping(uint => mapping(uint => uint)) m; ${Array.from(
      { length: 2_500 },
      (_, i) =>
        `function f${i}(uint a, uint b) public returns (uint) { m[a][b + ${i}] += a ** b; return m[b][a] % ${i + 1}; }`,
    ).join('\n')} }`,
  },
};

function alive(processId: number | undefined): boolean {
  if (processId === undefined) return false;
  try {
    // A process that ended but is not collected yet (a zombie) does not count.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function compilesSmall(compiler: Compiler): Promise<boolean> {
  return (await compiler.compile(compiler.prepare(small))).ok;
}

test('a compile over its time limit is stopped, and the next one works', async () => {
  const compiler = await start({ compileSeconds: 3 });
  const processId = compiler.health().processId;
  await expect(compiler.compile(compiler.prepare(slow))).rejects.toMatchObject({ code: 'compiler-timeout' });
  expect(await compilesSmall(compiler)).toBe(true);
  expect(compiler.health().processId).toBe(processId);
});

test('a compile over its memory limit is stopped, and the next one works', async () => {
  const compiler = await start({ memoryBytesMax: 40 * 1024 * 1024 });
  await expect(compiler.compile(compiler.prepare(slow))).rejects.toMatchObject({ code: 'compiler-memory' });
  expect(await compilesSmall(compiler)).toBe(true);
});

test('aborting rejects with its reason, frees the thread, and takes what waits out of the queue', async () => {
  const compiler = await start();
  const running = new AbortController();
  const waiting = new AbortController();
  const first = compiler.compile(compiler.prepare(slow), { signal: running.signal });
  const second = compiler.compile(compiler.prepare(slow), { signal: waiting.signal });
  const third = compilesSmall(compiler);
  await wait(200);
  waiting.abort(new Error('not wanted'));
  running.abort(new Error('cancelled by its owner'));
  await expect(first).rejects.toThrow('cancelled by its owner');
  await expect(second).rejects.toThrow('not wanted');
  expect(await third).toBe(true);
  const already = compiler.compile(compiler.prepare(small), {
    signal: AbortSignal.abort(new Error('too late')),
  });
  await expect(already).rejects.toThrow('too late');
});

test('an expression 100,000 operands deep does not spoil what comes after', async () => {
  const compiler = await start();
  const deep = { sources: { 'Deep.sol': `${header}contract D { uint x = ${'1+'.repeat(100_000)}1; }` } };
  const outcome = await compiler.compile(compiler.prepare(deep)).catch((error: Error) => error);
  expect(outcome).toBeDefined();
  for (let round = 0; round < 3; round++) expect(await compilesSmall(compiler)).toBe(true);
});

test('when the process is killed, the job under way is run again by its successor', async () => {
  const compiler = await start();
  const before = compiler.health().processId;
  const job = compiler.compile(compiler.prepare(small));
  process.kill(before ?? 0, 'SIGKILL');
  expect((await job).ok).toBe(true);
  expect(compiler.health().processId).not.toBe(before);
  expect(compiler.health().ok).toBe(true);
});

test('a process that ends without ever answering rests before it is started again, unless there is work', async () => {
  const compiler = await start();
  const first = compiler.health().processId ?? 0;
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => !compiler.health().ok);
  expect(compiler.health().processId).toBeUndefined();
  await vi.waitUntil(() => compiler.health().ok, { timeout: 10_000 });
  const second = compiler.health().processId ?? 0;
  await vi.waitUntil(() => alive(second));
  process.kill(second, 'SIGKILL');
  await vi.waitUntil(() => !compiler.health().ok, { timeout: 10_000 });
  expect(await compilesSmall(compiler)).toBe(true);
  // One that worked is missed at once.
  const third = compiler.health().processId ?? 0;
  process.kill(third, 'SIGKILL');
  await vi.waitUntil(() => ![undefined, third].includes(compiler.health().processId), { interval: 1 });
});

test('a job whose process dies twice fails by name, and the next one works', async () => {
  const compiler = await start();
  const job = compiler.compile(compiler.prepare(slow));
  const verdict = expect(job).rejects.toMatchObject({ code: 'compiler-crashed' });
  let killed: number | undefined;
  for (let kills = 0; kills < 2; kills++) {
    await vi.waitUntil(() => compiler.health().processId !== killed && alive(compiler.health().processId), {
      timeout: 10_000,
    });
    killed = compiler.health().processId;
    process.kill(killed ?? 0, 'SIGKILL');
  }
  await verdict;
  expect(await compilesSmall(compiler)).toBe(true);
});

test('closing ends what runs and leaves no process behind', async () => {
  const compiler = await start();
  const { processId } = compiler.health();
  const job = compiler.compile(compiler.prepare(slow));
  const verdict = expect(job).rejects.toMatchObject({ code: 'compiler-unavailable', retryable: true });
  await wait(100);
  await compiler.close();
  await verdict;
  expect(alive(processId)).toBe(false);
  await expect(compilesSmall(compiler)).rejects.toMatchObject({ code: 'compiler-unavailable' });
});

test('the process ends when its parent is killed', async () => {
  const script = `
    const { startCompiler } = await import(${JSON.stringify(new URL('./start-compiler.ts', import.meta.url).href)});
    const compiler = await startCompiler({ workers: 1 });
    console.log(compiler.health().processId);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<Buffer>((resolve) => parent.stdout.once('data', resolve));
  const processId = Number(line.toString());
  expect(alive(processId)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitUntil(() => !alive(processId), { timeout: 10_000 });
});

test('the compiler process has no environment, and says what it is', async () => {
  const compiler = await start();
  const { processId } = compiler.health();
  expect(readFileSync(`/proc/${processId}/environ`, 'utf8')).toBe('');
  const name = readFileSync(`/proc/${processId}/cmdline`, 'utf8');
  expect(name).toContain('slipway-compiler');
});

test('a process that has grown too large is replaced, and nobody notices', async () => {
  const compiler = await start({ workers: 2, processBytesMax: 1 });
  const before = compiler.health().processId;
  const seen = new Set([before]);
  for (let round = 0; round < 20; round++) {
    const both = await Promise.all([compilesSmall(compiler), compilesSmall(compiler)]);
    expect(both).toEqual([true, true]);
    seen.add(compiler.health().processId);
    await wait(50);
  }
  expect(seen.size).toBeGreaterThan(1);
  const now = compiler.health().processId;
  await vi.waitUntil(() => [...seen].every((id) => id === now || !alive(id)), { timeout: 10_000 });
});

test('while long compiles have every thread, a small one runs beside them', async () => {
  const compiler = await start({ workers: 1 });
  const abort = new AbortController();
  const long = { sources: { 'Slow.sol': `${slow.sources['Slow.sol']}/*${' '.repeat(1_000_000)}*/` } };
  const running = compiler.compile(compiler.prepare(long), { signal: abort.signal });
  const verdict = expect(running).rejects.toThrow('enough');
  await wait(300);
  expect(await compilesSmall(compiler)).toBe(true);
  expect(await compilesSmall(compiler)).toBe(true);
  abort.abort(new Error('enough'));
  await verdict;
});

test('more compilers than are held at a time', async () => {
  const compiler = await start();
  const versions = ['0.8.30', '0.8.28', '0.7.6', '0.6.12', '0.5.17', '0.8.30', '0.7.6'];
  for (const version of versions) {
    const sources = { 'A.sol': `pragma solidity ${version}; contract A { uint public x; }` };
    const outcome = await compiler.compile(compiler.prepare({ sources }));
    expect(outcome.ok).toBe(true);
    expect(outcome.compilerLong).toContain(`${version}+commit.`);
  }
});
