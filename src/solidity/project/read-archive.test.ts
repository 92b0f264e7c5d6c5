import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { limits } from '../../lib/limits.ts';
import { readArchive } from './read-archive.ts';
import { type Packed, refusal, tarEntry, tarGzOf, tarOf, zipOf } from './test-support.ts';

const pathsOf = async (bytes: Uint8Array) => [...(await readArchive(bytes)).paths].sort();
const said = (bytes: Uint8Array) => refusal(() => readArchive(bytes));
/** The same files as each kind of archive. */
const kinds: [string, (files: Packed) => Uint8Array][] = [
  ['zip', (files) => zipOf(files)],
  ['tar', (files) => tarOf(files)],
  ['tar.gz', (files) => tarGzOf(files)],
];

const symbolicLink = { os: 3, attrs: (0xa1ff << 16) >>> 0 };

describe.each(kinds)('a %s', (_, pack) => {
  test('gives the files that a compile may need, byte for byte, and no others', async () => {
    const files = await readArchive(
      pack({
        'src/A.sol': 'contract Ä {}',
        'foundry.toml': '[profile.default]',
        'remappings.txt': '',
        'hardhat.config.ts': 'export default {}',
        'package.json': '{}',
        'README.md': 'hello',
        'node_modules/x/package.json': '{}',
        'node_modules/x/X.sol': 'x',
        'src/._A.sol': 'AppleDouble',
        'src/B.yul': 'object "B" {}',
      }),
    );
    expect([...files.paths].sort()).toEqual([
      'foundry.toml',
      'hardhat.config.ts',
      'node_modules/x/X.sol',
      'package.json',
      'remappings.txt',
      'src/A.sol',
      'src/B.yul',
    ]);
    expect(Buffer.from(files.read('src/A.sol') ?? []).toString()).toBe('contract Ä {}');
    expect(files.read('src/B.yul')).toBeUndefined();
    expect([files.hasFolder('src/'), files.hasFolder('node_modules/x'), files.hasFolder('sr')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('loses the one folder that everything is in, unless that folder is part of the names', async () => {
    expect(await pathsOf(pack({ 'repo-main/src/A.sol': '', 'repo-main/README.md': '' }))).toEqual([
      'src/A.sol',
    ]);
    expect(await pathsOf(pack({ './repo/src/A.sol': '', './repo/x.txt': '' }))).toEqual(['src/A.sol']);
    expect(await pathsOf(pack({ 'repo/A.sol': '', 'README.md': '' }))).toEqual(['repo/A.sol']);
    expect(await pathsOf(pack({ 'contracts/A.sol': '', 'contracts/b/B.sol': '' }))).toEqual([
      'contracts/A.sol',
      'contracts/b/B.sol',
    ]);
    const byMac = { 'repo/A.sol': '', '__MACOSX/repo/._A.sol': '', 'repo/.DS_Store': '', '.DS_Store': '' };
    expect(await pathsOf(pack(byMac))).toEqual(['A.sol']);
  });

  test('is indifferent to what tools and systems leave lying about', async () => {
    const rubbish = ['out', 'artifacts', 'cache', 'typechain', 'typechain-types', '.git', '__MACOSX'];
    const files = Object.fromEntries(rubbish.map((folder) => [`repo/${folder}/A.sol`, '']));
    expect(await pathsOf(pack({ ...files, 'repo/src/cache/Lru.sol': '' }))).toEqual(['src/cache/Lru.sol']);
  });

  test.each([
    ['../evil.sol', '".."'],
    ['src/../../evil.sol', '".."'],
    ['src/../evil.txt', '".."'],
    ['/etc/passwd', 'absolute'],
    ['src\\\\Evil.sol', 'backslash'],
    ['C:/evil.sol', 'drive letter'],
    ['src/a\0b.sol', 'NUL'],
    ['src/a\nb.sol', 'control character'],
    ['src//A.sol', 'empty segment'],
    ['__proto__/A.sol', 'reserved'],
    [`${'a/'.repeat(119)}ab.sol`, 'longer than 240'],
  ])('with an entry %j is refused', async (path, reason) => {
    // What a tar says in lines has none in a name.
    if (path.includes('\n') && pack !== kinds[0]?.[1]) return;
    // Its own field for a name ends at the first NUL, so that the name has to come in an extension.
    const bytes = pack === kinds[0]?.[1] ? pack({ [path]: '' }) : paxTar(path);
    const text = await said(bytes);
    expect(text).toContain('archive-path-invalid');
    expect(text).toContain(JSON.stringify(path).slice(0, 200));
    expect(text).toContain(reason);
  });

  test('takes the longest path that a source may have', async () => {
    const path = `${'a/'.repeat(117)}ab.sol`;
    expect(path.length).toBe(limits.sourcePathCharactersMax);
    expect(await pathsOf(pack === kinds[0]?.[1] ? pack({ [path]: '', x: '' }) : paxTar(path, 'x'))).toEqual([
      path,
    ]);
  });

  test.each([
    ['src/A.sol', 'src/a.sol'],
    ['src/A.sol', 'Src/A.sol'],
    ['src/Caf\u00e9.sol', 'src/Cafe\u0301.sol'],
  ])('with both %j and %j is refused', async (one, other) => {
    const text = await said(pack({ [one]: '1', [other]: '2', x: '' }));
    expect(text).toContain('archive-duplicate');
    expect(text).toContain(JSON.stringify(other));
  });

  test('that is cut short anywhere is damaged, whatever is missing', async () => {
    const whole = pack({ 'src/A.sol': randomBytes(3_000).toString('base64'), 'src/B.sol': 'b' });
    const ends = [600, 1_500, whole.length - 1_025].filter((end) => end > 0);
    for (const end of ends) expect(await said(whole.subarray(0, end))).toContain('archive-damaged');
  });
});

test('a byte that changed on the way is noticed where the kind has a checksum', async () => {
  const source = randomBytes(3_000).toString('base64');
  for (const whole of [zipOf({ 'src/A.sol': source }), tarGzOf({ 'src/A.sol': source })]) {
    const copy = Buffer.from(whole);
    const middle = copy.length >> 1;
    copy[middle] = (copy[middle] ?? 0) ^ 0x55;
    expect(await said(copy)).toContain('archive-damaged');
  }
  // A tar by itself has checksums of its headers only.
  const tar = tarOf({ 'src/A.sol': source });
  tar[3] = (tar[3] ?? 0) ^ 0x55;
  expect(await said(tar)).toContain('archive-damaged');
});

describe('kinds', () => {
  test.each([
    ['', 'empty'],
    ['pragma solidity ^0.8.0;', 'of an unknown kind'],
    ['7z\xbc\xaf\x27\x1c', 'a 7z'],
    ['Rar!\x1a\x07', 'a rar'],
    ['\xfd7zXZ\0', 'an xz'],
    ['BZh91AY', 'a bzip2'],
  ])('%j is not taken', async (start, kind) => {
    expect(await said(Buffer.from(start, 'latin1'))).toContain(
      `archive-kind-unknown: The archive is ${kind};`,
    );
  });

  test('a gzip holds a tar and nothing else', async () => {
    expect(await said(gzipSync(tarGzOf({ 'A.sol': '' })))).toContain('a gzip inside a gzip');
    expect(await said(gzipSync(zipOf({ 'A.sol': '' })))).toContain('a zip inside a gzip');
    expect(await said(gzipSync('contract A {}'.repeat(100)))).toContain(
      'a gzip of something else than a tar',
    );
    expect(await said(gzipSync('short'))).toContain('a gzip of something else than a tar');
  });

  test('an archive in an archive is one of the files that nobody needs', async () => {
    expect(await pathsOf(zipOf({ 'A.sol': '', 'inner.zip': zipOf({ 'B.sol': '' }) }))).toEqual(['A.sol']);
  });

  test('a tar from before POSIX, without its magic, is a tar', async () => {
    const block = tarEntry({ path: 'A.sol', content: 'a' });
    block.fill(0, 257, 512);
    block.fill(' ', 148, 156);
    const sum = block.subarray(0, 512).reduce((all, byte) => all + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect(await pathsOf(Buffer.concat([block, Buffer.alloc(1_024)]))).toEqual(['A.sol']);
  });

  test('the longest names of a tar, in GNU’s and in POSIX’ way', async () => {
    const path = `${'long-folder-name/'.repeat(12)}A.sol`;
    const gnu = [
      tarEntry({ path: '././@LongLink', type: 'NextFileHasLongPath', content: `${path}\0` }),
      tarEntry({ path: path.slice(0, 99), content: 'a' }),
    ];
    expect(await pathsOf(Buffer.concat([...gnu, tarOf({ x: '' })]))).toEqual([path]);
    expect(await pathsOf(paxTar(path, 'x'))).toEqual([path]);
    // Git writes its commit into every tar of a repository.
    const global = tarEntry({
      path: 'pax_global_header',
      type: 'GlobalExtendedHeader',
      content: '18 comment=abcdef\n',
    });
    expect(await pathsOf(Buffer.concat([global, tarOf({ 'repo/A.sol': '' })]))).toEqual(['A.sol']);
  });
});

describe('what is no file', () => {
  test('links, hard links and devices are refused by name', async () => {
    const link = zipOf(
      { 'src/Link.sol': '../../../etc/passwd', 'src/A.sol': '' },
      { 'src/Link.sol': symbolicLink },
    );
    expect(await said(link)).toBe(
      'archive-link: The archive entry "src/Link.sol" is a symbolic link; only files and folders are taken.',
    );
    for (const [type, kind] of [
      ['SymbolicLink', 'symbolic link'],
      ['Link', 'hard link'],
      ['CharacterDevice', 'character device'],
      ['BlockDevice', 'block device'],
      ['FIFO', 'named pipe'],
    ]) {
      const tar = tarOf([{ path: 'lib/dep', type: type ?? '', linkpath: '../dep' }, { path: 'src/A.sol' }]);
      expect(await said(tar)).toContain(`"lib/dep" is a ${kind}`);
    }
  });

  test('links that are no part of a project and stay inside are passed over', async () => {
    const entries = [
      { path: 'src/A.sol' },
      { path: 'AGENTS.md', type: 'SymbolicLink', linkpath: 'docs/README.md' },
      { path: 'LICENSE', type: 'SymbolicLink', linkpath: './docs/LICENSE' },
      { path: 'node_modules/.bin/hardhat', type: 'SymbolicLink', linkpath: '../hardhat/cli.js' },
      { path: 'out/latest', type: 'SymbolicLink', linkpath: '/tmp/out' },
    ];
    expect(await pathsOf(tarOf(entries))).toEqual(['src/A.sol']);
    const zip = zipOf({ 'src/A.sol': '', 'AGENTS.md': 'README.md' }, { 'AGENTS.md': symbolicLink });
    expect(await pathsOf(zip)).toEqual(['src/A.sol']);
    for (const target of ['/etc/passwd', '../../etc/passwd', 'docs/../../x', 'a\\b']) {
      const out = tarOf([
        { path: 'src/A.sol' },
        { path: 'AGENTS.md', type: 'SymbolicLink', linkpath: target },
      ]);
      expect(await said(out)).toContain('archive-link');
    }
  });

  test('a zip’s devices too', async () => {
    for (const [mode, kind] of [
      [0x2000, 'character device'],
      [0x6000, 'block device'],
      [0x1000, 'named pipe'],
      [0xc000, 'socket'],
    ] as const) {
      const zip = zipOf({ 'src/A.sol': '' }, { 'src/A.sol': { os: 3, attrs: (mode << 16) >>> 0 } });
      expect(await said(zip)).toContain(`"src/A.sol" is a ${kind}`);
    }
  });

  test('an encrypted zip, and one with a method of its own', async () => {
    const plain = Buffer.from(zipOf({ 'src/A.sol': 'a', 'src/B.sol': 'b' }));
    expect(await said(patchZip(plain, { flag: 1 }))).toBe(
      'archive-encrypted: The archive entry "src/A.sol" is encrypted.',
    );
    expect(await said(patchZip(plain, { method: 14 }))).toContain('"src/A.sol" is compressed by method 14');
    const lying = await said(patchZip(plain, { size: 5 }));
    expect(lying).toContain('archive-damaged');
  });

  test.each(['not octal!!!', '\xff'.repeat(12)])('a tar with %j as the size of a file', async (field) => {
    const tar = tarOf({ 'src/A.sol': 'a', 'src/B.sol': 'b' });
    patchTarSize(tar, field);
    expect(await said(tar)).toContain('archive-damaged: ');
  });

  test('links whose targets take more room than all files may', async () => {
    const one = 'x'.repeat(4_096);
    const names = Array.from({ length: 17_000 }, (_, at) => `docs/${at}.md`);
    const zip = zipOf(
      Object.fromEntries(names.map((name) => [name, one])),
      Object.fromEntries(names.map((name) => [name, symbolicLink])),
    );
    expect(zip.length).toBeLessThan(limits.archiveBytesMax);
    expect(await said(zip)).toContain('archive-unpacks-too-large');
  });

  test('an entry with one name in front and another in the list of names', async () => {
    const zip = Buffer.from(zipOf({ 'src/A.sol': 'a' }));
    zip.write('src/B.sol', 30);
    expect(await said(zip)).toContain('two names');
  });
});

describe('limits', () => {
  const big = (bytes: number) => Buffer.alloc(bytes, 'a');

  test('of an archive as it is sent', async () => {
    const tar = tarOf({ 'A.sol': 'a' });
    // What follows a tar's end mark is no part of it.
    expect(await said(Buffer.concat([tar, Buffer.alloc(limits.archiveBytesMax - tar.length)]))).toBe(
      'accepted',
    );
    expect(await said(Buffer.concat([tar, Buffer.alloc(limits.archiveBytesMax - tar.length + 1)]))).toContain(
      `archive-too-large: The archive has ${limits.archiveBytesMax + 1} bytes; at most ${limits.archiveBytesMax}`,
    );
  });

  test('of what a zip unpacks to, counted as it is unpacked', async () => {
    const max = limits.archiveUnpackedBytesMax;
    expect(await said(zipOf({ 'A.sol': big(max - 5), 'B.sol': 'five!', 'C.bin': big(1_000) }))).toBe(
      'accepted',
    );
    const over = Buffer.from(zipOf({ 'A.sol': big(max + 1) }));
    expect(await said(over)).toContain('the limit was reached in "A.sol"');
    // A header that says less is not believed: what comes out counts.
    expect(await said(patchZip(over, { size: 10 }))).toContain('archive-unpacks-too-large');
  });

  test('of what a tar.gz unpacks to, wherever it goes', async () => {
    const max = limits.archiveUnpackedBytesMax;
    const full = Buffer.concat([tarOf({ 'A.sol': 'a' }), Buffer.alloc(max - 2_048)]);
    expect(full.length).toBe(max);
    expect(await said(gzipSync(full))).toBe('accepted');
    expect(await said(gzipSync(Buffer.concat([full, Buffer.alloc(1)])))).toContain(
      'archive-unpacks-too-large',
    );
    const bomb = gzipSync(
      Buffer.concat([tarEntry({ path: 'bomb.bin', size: 8_000_000_000 }), Buffer.alloc(max)]),
    );
    expect(bomb.length).toBeLessThan(100_000);
    expect(await said(bomb)).toContain('the limit was reached in "bomb.bin"');
  });

  test('of a name, and of what a tar says about the next entry', async () => {
    const name = (length: number) => zipOf({ 'A.sol': '', ['x'.repeat(length)]: '' });
    expect([await said(name(4_096)), await said(name(4_097))]).toEqual([
      'accepted',
      expect.stringContaining('longer than 4096 characters'),
    ]);
    const extension = (bytes: number) => {
      const comment = `${bytes} comment=`;
      const content = `${comment}${'c'.repeat(bytes - comment.length - 1)}\n`;
      return tarOf([{ path: 'PaxHeader', type: 'ExtendedHeader', content }, { path: 'A.sol' }]);
    };
    expect([await said(extension(65_536)), await said(extension(65_537))]).toEqual([
      'accepted',
      expect.stringContaining('archive-damaged'),
    ]);
  });

  test('of entries, those that nobody needs included', async () => {
    const names = Array.from({ length: limits.archiveEntriesMax }, (_, index) => `f${index}`);
    const files = Object.fromEntries(names.map((name) => [name, '']));
    expect(await said(tarOf(files))).toBe('accepted');
    expect(await said(tarOf({ ...files, more: '' }))).toContain('archive-entries-too-many');
    expect(await said(zipOf(files))).toBe('accepted');
    expect(await said(zipOf({ ...files, more: '' }))).toContain('archive-entries-too-many');
  });
});

/** A tar of an entry whose name stands in a pax header, as names that do not fit do. */
function paxTar(path: string, ...others: string[]): Buffer {
  const field = ` path=${path}\n`;
  let length = Buffer.byteLength(field);
  while (`${length}`.length + Buffer.byteLength(field) !== length)
    length = `${length}`.length + Buffer.byteLength(field);
  return tarOf([
    { path: 'PaxHeader', type: 'ExtendedHeader', content: `${length}${field}` },
    { path: 'short.sol' },
    ...others.map((other) => ({ path: other })),
  ]);
}

/** Changes the first entry of a zip, in its own header and in the list at the end. */
function patchZip(zip: Buffer, change: { flag?: number; method?: number; size?: number }): Buffer {
  const copy = Buffer.from(zip);
  const central = copy.indexOf('PK\x01\x02', 0, 'latin1');
  for (const [at, flags] of [
    [0, 6],
    [central, 8],
  ] as const) {
    if (change.flag !== undefined)
      copy.writeUInt16LE(copy.readUInt16LE(at + flags) | change.flag, at + flags);
    if (change.method !== undefined) copy.writeUInt16LE(change.method, at + flags + 2);
    if (change.size !== undefined) copy.writeUInt32LE(change.size, at + flags + 16);
  }
  return copy;
}

/** Puts another size into the first header of a tar, whose checksum then fits again. */
function patchTarSize(tar: Buffer, field: string): void {
  tar.write(field, 124, 12, 'latin1');
  tar.fill(' ', 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
}
