import { isUtf8 } from 'node:buffer';
import type { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { fail as failSolidity } from '../errors.ts';
import type { Span } from '../source-facts.ts';
import { sourcePlace } from '../source-place.ts';
import type { DiagnosticPlace } from '../types.ts';
import { fail } from './errors.ts';
import type { ProjectFiles } from './types.ts';

/** No version or range is longer. */
export const versionCharactersMax = 100;

/** Of a place in a configuration file only this much is shown: its lines may hold keys of their owner. */
const shownCharactersMax = 80;

/** @throws AppError `source-not-text` when the bytes are not UTF-8 */
export function decodeText(path: string, bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw failSolidity('source-not-text', { path }, { place: { file: path } });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * Reads a configuration file of a project.
 *
 * @returns undefined where there is none
 * @throws AppError `project-config-too-large`, `source-not-text`
 */
export function readConfigText(files: ProjectFiles, path: string): string | undefined {
  const bytes = files.read(path);
  if (bytes === undefined) return undefined;
  if (bytes.length > limits.projectConfigBytesMax) {
    const max = limits.projectConfigBytesMax;
    throw fail(
      'project-config-too-large',
      { file: path, bytes: bytes.length, max },
      { place: { file: path } },
    );
  }
  return decodeText(path, bytes);
}

/** The place of a note: as for sources, but the excerpt is the marked text alone, and no more of its line. */
export function configPlace(file: string, text: string, span: Span): DiagnosticPlace {
  const [firstLine = ''] = text.slice(span.start, span.end).split('\n', 1);
  const shown = firstLine.slice(0, shownCharactersMax).trimEnd();
  return { ...sourcePlace(file, text, span), excerpt: `${shown}\n${'^'.repeat(shown.length)}` };
}

/**
 * `./src/` and `src` are one folder; `.` is the top, which is empty. Written without patterns, which would take long for
 * a name of many slashes.
 */
export function tidyFolder(path: string): string {
  let start = 0;
  while (path.startsWith('./', start)) {
    start++;
    while (path[start] === '/') start++;
  }
  let end = path.length;
  while (end > start && path[end - 1] === '/') end--;
  const tidy = path.slice(start, end);
  // A path that is nothing but slashes is the top of the system, and not that of the project.
  return tidy === '.' ? '' : tidy === '' && path.startsWith('/') ? '/' : tidy;
}

/** A problem in a configuration file that has to be put right. @param line from 1 */
export function configProblem(file: string, line: number, problem: string): AppError {
  return fail('project-config-invalid', { file, line, problem }, { place: { file, line } });
}
