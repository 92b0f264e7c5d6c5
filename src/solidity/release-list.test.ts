import { expect, test } from 'vitest';
import { readReleaseList } from './release-list.ts';

const build = (version: string, more: object = {}) => ({
  path: `soljson-v${version}+commit.12345678.js`,
  version,
  build: 'commit.12345678',
  longVersion: `${version}+commit.12345678`,
  keccak256: `0x${'1'.repeat(64)}`,
  sha256: `0x${'a'.repeat(64)}`,
  urls: ['dweb:/ipfs/QmX'],
  ...more,
});

function list(...builds: { version: string; path: string }[]): string {
  const releases = Object.fromEntries(builds.map(({ version, path }) => [version, path]));
  return JSON.stringify({ builds, releases, latestRelease: '0.8.30' });
}

test('releases come newest first, by number and not by letter', () => {
  const found = readReleaseList(list(build('0.8.9'), build('0.4.11'), build('0.8.10')));
  expect(found).toEqual(
    ['0.8.10', '0.8.9', '0.4.11'].map((version) => ({
      version,
      path: `soljson-v${version}+commit.12345678.js`,
      sha256: 'a'.repeat(64),
    })),
  );
});

test.each([
  ['a nightly', { version: '0.8.31', path: 'soljson-v0.8.31-nightly.2025.1.1+commit.1.js' }, '0.8.31'],
  ['a release before standard JSON', build('0.4.10'), '0.4.10'],
  ['a path to another folder', build('0.8.1', { path: '../../etc/passwd.js' }), '0.8.1'],
  ['a path to another host', build('0.8.1', { path: 'https://example.org/soljson-v0.8.1.js' }), '0.8.1'],
  ['a digest that is none', build('0.8.1', { sha256: '0x12' }), '0.8.1'],
  ['a version that is none', build('0.8.x'), '0.8.x'],
  ['something else', null, ''],
])('%s is left out', (_, entry, version) => {
  const releases = { [version]: (entry as { path?: string } | null)?.path };
  const others = version === '0.8.31' ? {} : releases;
  expect(readReleaseList(JSON.stringify({ builds: [entry], releases: others }))).toEqual([]);
});

test.each(['', '[]', '{"builds": {}}', 'null', '{"builds": []}'])('%j is no list', (text) => {
  expect(() => readReleaseList(text)).toThrow();
});
