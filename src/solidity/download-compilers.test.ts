import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SolcServer, startSolcServer, unbundled } from '../../test/support/solc-server.ts';
import { getBytes } from '../lib/get-bytes.ts';
import { limits } from '../lib/limits.ts';
import { openDownloads } from './download-compilers.ts';
import { startCompiler } from './start-compiler.ts';
import { withReleases } from './with-releases.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-downloads-'));
let server: SolcServer;
let folder: string;
let turn = 0;
beforeAll(async () => {
  server = await startSolcServer();
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  server.answer(null);
  server.asked.length = 0;
  folder = join(root, String(++turn));
});

const clock = { ms: 0 };
const open = () => openDownloads({ listUrl: server.listUrl, folder, get: getBytes, now: () => clock.ms });
const source = `// SPDX-License-Identifier: MIT\npragma solidity ${unbundled};\ncontract A { uint public x; }`;
const request = { sources: { 'A.sol': source } };

describe('a release that is not bundled', () => {
  test('is found on the list, downloaded once, and used from the disk afterwards', async () => {
    const downloads = { listUrl: server.listUrl, folder, get: getBytes };
    const compiler = await startCompiler({ workers: 1, downloads });
    try {
      expect(server.asked).toEqual([]);
      expect(() => compiler.prepare(request)).toThrow('no bundled compiler satisfies');
      const prepared = await withReleases(compiler, () => compiler.prepare(request));
      expect(prepared.compiler).toBe(unbundled);
      expect(compiler.compilers().at(-1)).toEqual({ version: unbundled, source: 'listed', native: false });
      const [one, other] = await Promise.all([compiler.compile(prepared), compiler.compile(prepared)]);
      expect(one.compilerLong).toBe(`${unbundled}+commit.d9974bed`);
      expect(other.artifacts).toEqual(one.artifacts);
      expect(server.asked).toEqual(['list.json', `soljson-v${unbundled}+commit.d9974bed.js`]);
      expect(compiler.compilers().at(-1)?.source).toBe('downloaded');
    } finally {
      await compiler.close();
    }
    server.answer(() => ({ status: 500, body: '' }));
    const later = await startCompiler({ workers: 1, downloads });
    try {
      expect((await later.compile(later.prepare(request))).ok).toBe(true);
      expect(server.asked).toHaveLength(2);
    } finally {
      await later.close();
    }
  });

  test('is used only where no bundled one fits', async () => {
    const downloads = open();
    await downloads.learn();
    const compiler = await startCompiler({
      workers: 1,
      downloads: { listUrl: server.listUrl, folder, get: getBytes },
    });
    try {
      const loose = { sources: { 'A.sol': source.replace(unbundled, `^${unbundled}`) } };
      expect(compiler.prepare(loose).compiler).not.toBe(unbundled);
      expect(compiler.prepare({ ...loose, compiler: unbundled }).compiler).toBe(unbundled);
    } finally {
      await compiler.close();
    }
  });
});

describe('what comes is checked', () => {
  const file = async () => {
    const downloads = open();
    await downloads.learn();
    return downloads.file(unbundled);
  };

  test.each([
    ['another file', { status: 200, body: 'soljson' }, 'its SHA-256 is'],
    ['no file', { status: 404, body: 'no' }, 'it answered 404'],
    ['far too much', { status: 200, body: 'x'.repeat(limits.compilerFileBytesMax + 1) }, 'it sent more than'],
  ])('%s is refused and not kept', async (_, reply, reason) => {
    server.answer((path) => (path === 'list.json' ? { status: 200, body: '' } : reply));
    server.answer(null);
    const downloads = open();
    await downloads.learn();
    server.answer(() => reply);
    await expect(downloads.file(unbundled)).rejects.toMatchObject({
      code: 'compiler-download-failed',
      message: expect.stringContaining(reason),
      retryable: true,
    });
    expect(readdirSync(folder)).toEqual(['list.json']);
    expect(downloads.problem()).toContain(reason);
    server.answer(null);
    expect(await downloads.file(unbundled)).toMatchObject({ version: unbundled });
    expect(downloads.problem()).toBeUndefined();
  });

  test('a file that was changed on the disk is fetched again', async () => {
    const first = await file();
    writeFileSync(first?.path ?? '', 'changed');
    server.asked.length = 0;
    const second = await file();
    expect(second).toEqual(first);
    expect(server.asked).toContain(`soljson-v${unbundled}+commit.d9974bed.js`);
  });

  test('a list that is damaged on the disk is as good as none', async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'list.json'), '{"builds":');
    const downloads = open();
    expect(downloads.releases()).toEqual([]);
    expect(await downloads.learn()).toBe(true);
    expect(downloads.releases()).toHaveLength(1);
  });
});

describe('the list', () => {
  test('is asked for once in a while, and by many at once a single time', async () => {
    const downloads = open();
    expect(await Promise.all([downloads.learn(), downloads.learn()])).toEqual([true, true]);
    expect(await downloads.learn()).toBe(false);
    clock.ms += limits.compilerListPauseSeconds * 1_000;
    expect(await downloads.learn()).toBe(false);
    expect(server.asked).toEqual(['list.json', 'list.json']);
  });

  test.each([
    ['is no list', { status: 200, body: '<html>' }, 'is not valid JSON'],
    ['is not there', { status: 503, body: '' }, 'it answered 503'],
  ])('that %s is no more than a note', async (_, reply, note) => {
    server.answer(() => reply);
    const downloads = open();
    expect(await downloads.learn()).toBe(false);
    expect(downloads.releases()).toEqual([]);
    expect(downloads.problem()).toContain(note);
  });

  test('is not waited for longer than its time, and nobody listening is told at once', async () => {
    const get = (url: string) => getBytes(url, { bytesMax: 100, seconds: 0.2 });
    server.answer(() => 'nothing');
    await expect(get(server.listUrl)).rejects.toThrow('it did not answer within 0.2 s');
    const other = await startSolcServer();
    await other.stop();
    await expect(get(other.listUrl)).rejects.toThrow('ECONNREFUSED');
  });

  test('does not help where nothing on it fits', async () => {
    const compiler = await startCompiler({
      workers: 1,
      downloads: { listUrl: server.listUrl, folder, get: getBytes },
    });
    try {
      const future = { sources: { 'A.sol': 'pragma solidity =0.8.5; contract A {}' } };
      await expect(withReleases(compiler, () => compiler.prepare(future))).rejects.toMatchObject({
        code: 'pragma-unsatisfied',
        message: expect.stringContaining('1 more are on the official list'),
      });
    } finally {
      await compiler.close();
    }
  });
});
