import { gzipSync } from 'node:zlib';
import { type ZipOptions, zipSync } from 'fflate';
import { Header } from 'tar';
import { AppError } from '../../lib/app-error.ts';
import type { ProjectFiles } from './types.ts';

/** What a test packs: path → text or bytes. */
export type Packed = Record<string, string | Uint8Array>;

/** A zip as `zip -r` makes it; `special` gives single entries other attributes. */
export function zipOf(files: Packed, special: Record<string, ZipOptions> = {}): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, content]) => [
        path,
        [bytesOf(content), { level: content.length === 0 ? 0 : 1, ...special[path] }],
      ]),
    ),
  );
}

export interface TarEntry {
  path: string;
  content?: string | Uint8Array;
  /** `File` by default. */
  type?: string;
  linkpath?: string;
  /** In place of the true one. */
  size?: number;
}

/** A tar of these entries, or of files, with its end mark. */
export function tarOf(entries: readonly TarEntry[] | Packed): Buffer {
  const list = Array.isArray(entries)
    ? (entries as readonly TarEntry[])
    : Object.entries(entries as Packed).map(([path, content]) => ({ path, content }));
  return Buffer.concat([...list.map(tarEntry), Buffer.alloc(1_024)]);
}

export function tarGzOf(entries: readonly TarEntry[] | Packed): Buffer {
  return gzipSync(tarOf(entries));
}

/** One entry without the end mark. */
export function tarEntry({ path, content = '', type = 'File', linkpath, size }: TarEntry): Buffer {
  const body = bytesOf(content);
  const header = new Header({
    ...{ path, type: type as 'File', mode: 0o644, size: size ?? body.length },
    ...{ uid: 0, gid: 0, mtime: new Date(0) },
    ...(linkpath === undefined ? {} : { linkpath }),
  });
  const block = Buffer.alloc(512);
  header.encode(block, 0);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** Files as `readArchive` gives them. */
export function filesOf(files: Packed): ProjectFiles {
  const held = new Map(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]));
  return {
    paths: new Set(held.keys()),
    read: (path) => held.get(path),
    hasFolder: (path) => [...held.keys()].some((one) => one.startsWith(`${path.replace(/\/+$/, '')}/`)),
  };
}

/** What a refusal says, as a person reads it. */
export async function refusal(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { file, line } = error.place ?? {};
    return `${error.code}${file === undefined ? '' : ` at ${file}:${line ?? ''}`}: ${error.message}`;
  }
  return 'accepted';
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
