import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
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
  const start = resolve(cwd, path);
  const found = statSync(start, { throwIfNoEntry: false });
  if (found?.isFile() && /\.(zip|tar|tar\.gz|tgz)$/i.test(path)) {
    return (await readProjectArchive(readArchiveFile(start, found.size), options)).request;
  }
  if (found?.isDirectory() && isProject(start)) return readProject(projectFolder(start), options).request;
  const { contract, compiler, settings } = options;
  return {
    ...readSources(cwd, path),
    ...(contract === undefined ? {} : { contract }),
    ...(compiler === undefined ? {} : { compiler }),
    ...(settings === undefined ? {} : { settings }),
  };
}

/** A file that is too large is refused by its size, and not read first. */
function readArchiveFile(file: string, bytes: number): Uint8Array {
  if (bytes > limits.archiveBytesMax) {
    const reason = `it has ${bytes} bytes, and at most ${limits.archiveBytesMax} are read`;
    throw fail('file-unreadable', { file, reason });
  }
  return readFileSync(file);
}
