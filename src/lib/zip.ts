import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';

const deflate = promisify(deflateRaw);
/** The earliest time that a zip can say: equal files are then equal zips. In local time, as zips have it. */
const noTime = new Date(1980, 0, 1);

/**
 * Packs texts into a zip (APPNOTE.TXT 6.3). Compressing leaves the thread that answers requests.
 *
 * @param files path → text
 */
export async function zipFiles(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const entries = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const bytes = Buffer.from(text, 'utf8');
      return { path, bytes, packed: await deflate(bytes) };
    }),
  );
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const { path, bytes, packed } of entries) {
    const entry = new ZipPassThrough(path);
    entry.mtime = noTime;
    // The entry still counts and sums what it is given; what it hands on is compressed already.
    entry.compression = 8;
    const handOn = entry as unknown as { process(chunk: Uint8Array, final: boolean): void };
    handOn.process = () => entry.ondata(null, packed, true);
    zip.add(entry);
    entry.push(bytes, true);
  }
  zip.end();
  return Buffer.concat(chunks);
}
