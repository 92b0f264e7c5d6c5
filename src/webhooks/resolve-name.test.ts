import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DnsServer, startDnsServer } from '../../test/support/dns-server.ts';
import { createResolve, isOwnName, type Resolve } from './resolve-name.ts';

/** A real name server on this machine, and a hosts file of the test's own. */
let server: DnsServer;
let folder: string;
let resolve: Resolve;
const hostsFile = () => join(folder, 'hosts');
const signal = new AbortController().signal;

beforeAll(async () => {
  server = await startDnsServer();
  folder = mkdtempSync(join(tmpdir(), 'slipway-hosts-'));
});
beforeEach(() => {
  server.questions.length = 0;
  writeFileSync(hostsFile(), '');
  resolve = createResolve({ timeoutMs: 10_000, servers: [server.address], hostsFile: hostsFile() });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('finds all addresses of a name, of both kinds', async () => {
  server.answer = (_name, type) => (type === 'A' ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1']);
  expect(await resolve('Both.Example.', signal)).toEqual([
    { address: '192.0.2.1', family: 4 },
    { address: '192.0.2.2', family: 4 },
    { address: '2001:db8::1', family: 6 },
  ]);
  expect(server.questions.sort()).toEqual(['both.example A', 'both.example AAAA']);
});

test('one kind is enough, and a name needs no dot', async () => {
  server.answer = (_name, type) => (type === 'A' ? [] : ['2001:db8::7']);
  expect(await resolve('receiver', signal)).toEqual([{ address: '2001:db8::7', family: 6 }]);
  // The other kind is never answered.
  server.answer = (_name, type) => (type === 'A' ? ['192.0.2.7'] : undefined);
  expect(await resolve('half.example', signal)).toEqual([{ address: '192.0.2.7', family: 4 }]);
});

test('says when there is no such name, and when there are no addresses', async () => {
  server.answer = () => null;
  await expect(resolve('nobody.example', signal)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  server.answer = () => [];
  await expect(resolve('empty.example', signal)).rejects.toMatchObject({ code: 'ENODATA' });
  await expect(resolve('bad..example', signal)).rejects.toMatchObject({ code: 'EBADNAME' });
});

test('names whose servers keep silent hold up no other: all are asked for at once, and given up', async () => {
  server.answer = (name) => (name.startsWith('silent') ? undefined : ['192.0.2.9']);
  const soon = createResolve({ timeoutMs: 300, servers: [server.address], hostsFile: hostsFile() });
  const patient = new AbortController();
  const names = Array.from({ length: 40 }, (_, at) => `silent${at}.example`);
  const silent = names.map((name) => resolve(name, patient.signal));
  // More at a time than there are threads for the system's resolver.
  await server.asked(2 * names.length);
  expect((await resolve('well.example', signal))[0]).toEqual({ address: '192.0.2.9', family: 4 });
  await expect(soon('silent.example', signal)).rejects.toMatchObject({ code: /ETIMEOUT|ECANCELLED/ });
  patient.abort();
  for (const each of silent) await expect(each).rejects.toMatchObject({ code: 'ECANCELLED' });
  await expect(resolve('well.example', patient.signal)).rejects.toThrow('aborted');
});

test('the hosts file comes first', async () => {
  writeFileSync(
    hostsFile(),
    [
      '# 192.0.2.66 listed',
      '127.0.0.1\tlocalhost # listed',
      '192.0.2.5  other Listed.example',
      '::5 listed.example',
      'x listed.example',
    ].join('\n'),
  );
  expect(await resolve('LISTED.example', signal)).toEqual([
    { address: '192.0.2.5', family: 4 },
    { address: '::5', family: 6 },
  ]);
  expect(await resolve('localhost', signal)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(server.questions).toEqual([]);
  server.answer = () => null;
  for (const name of ['listed', 'example', 'isted.example']) {
    await expect(resolve(name, signal)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  }
});

test('localhost needs neither a server nor a file', async () => {
  const bare = createResolve({ timeoutMs: 10_000, servers: [server.address], hostsFile: join(folder, 'no') });
  for (const name of ['localhost', 'LOCALHOST.', 'some.localhost']) {
    expect(isOwnName(name)).toBe(true);
    expect((await bare(name, signal)).map(({ address }) => address)).toEqual(['127.0.0.1', '::1']);
  }
  expect(isOwnName('notlocalhost')).toBe(false);
  expect(server.questions).toEqual([]);
});
