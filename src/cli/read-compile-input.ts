import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { limits } from '../lib/limits.ts';
import { readProject, readProjectArchive } from '../solidity/project/read-project.ts';
import type { ProjectOptions } from '../solidity/project/types.ts';
import type { CompileRequest } from '../solidity/types.ts';
import { fail } from './errors.ts';
import { isProject, projectFolder } from './project-folder.ts';
import { readSources } from './read-sources.ts';

/**
 * Reads what is to be compiled: an archive of a project, a folder that is one, or a file or folder of plain sources.
 *
 * @throws AppError of the readers, `file-unreadable`
 */
export async function readCompileInput(
  cwd: string,
  path: string,
  options: ProjectOptions,
): Promise<CompileRequest> {
  return (await readInputBelow(cwd, path, options)).request;
}

/** The same, with the folder that the paths in it are relative to; none for what lies in an archive. */
export async function readInputBelow(
  cwd: string,
  path: string,
  options: ProjectOptions,
): Promise<{ request: CompileRequest; root: string | undefined }> {
  const start = resolve(cwd, path);
  const found = statSync(start, { throwIfNoEntry: false });
  if (found?.isFile() && /\.(zip|tar|tar\.gz|tgz)$/i.test(path)) {
    const { request } = await readProjectArchive(readArchiveFile(start, found.size), options);
    return { request, root: undefined };
  }
  if (found?.isDirectory() && isProject(start)) {
    const { request, root } = readProject(projectFolder(start), options);
    return { request, root: join(start, root) };
  }
  const { contract, compiler, settings } = options;
  const { root, ...sources } = readSources(cwd, path);
  const request = {
    ...sources,
    ...(contract === undefined ? {} : { contract }),
    ...(compiler === undefined ? {} : { compiler }),
    ...(settings === undefined ? {} : { settings }),
  };
  return { request, root };
}

/** A file that is too large is refused by its size, and not read first. */
function readArchiveFile(file: string, bytes: number): Uint8Array {
  if (bytes > limits.archiveBytesMax) {
    const reason = `it has ${bytes} bytes, and at most ${limits.archiveBytesMax} are read`;
    throw fail('file-unreadable', { file, reason });
  }
  return readFileSync(file);
}
