import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { zipFiles } from './zip.ts';

const files = {
  'contracts/Coin.sol': 'contract Coin {}\n'.repeat(5_000),
  'empty.txt': '',
  '硬币/ü 🚀.sol': 'é',
};

test('what was packed comes out again, smaller meanwhile', async () => {
  const zip = await zipFiles(files);
  expect(zip.length).toBeLessThan(1_500);
  const unpacked = Object.entries(unzipSync(zip)).map(([path, bytes]) => [
    path,
    Buffer.from(bytes).toString(),
  ]);
  expect(Object.fromEntries(unpacked)).toEqual(files);
});

test('sizes and checksums are right for a reader that checks them', async () => {
  const archive = await fromBufferPromise(await zipFiles(files), { lazyEntries: true });
  const read: Record<string, string> = {};
  for await (const entry of archive.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    read[entry.fileName] = Buffer.concat(chunks).toString();
    expect(entry.getLastModDate().getFullYear()).toBe(1980);
  }
  expect(read).toEqual(files);
});

test('equal files are equal bytes, and no files are a zip too', async () => {
  expect(await zipFiles(files)).toEqual(await zipFiles({ ...files }));
  expect(unzipSync(await zipFiles({}))).toEqual({});
});
