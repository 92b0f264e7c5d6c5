import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import { pathProblem } from './source-paths.ts';
import type { Sources } from './types.ts';

/**
 * Refuses sources that are too many, too large, not text, or named with a path that could leave the sources.
 *
 * @throws AppError `sources-empty`, `sources-too-many`, `sources-too-large`, `source-path-invalid`, `source-not-text`
 */
export function checkSources(sources: Sources): void {
  const entries = Object.entries(sources);
  if (entries.length === 0) throw fail('sources-empty');
  if (entries.length > limits.sourceFilesMax) {
    throw fail('sources-too-many', { count: entries.length, max: limits.sourceFilesMax });
  }
  let bytes = 0;
  for (const [path, content] of entries) {
    const reason = pathProblem(path);
    if (reason) {
      const shown = JSON.stringify(path.slice(0, limits.sourcePathCharactersMax));
      throw fail('source-path-invalid', { path: shown, reason }, { place: { pointer: pointer(path) } });
    }
    if (!content.isWellFormed()) throw fail('source-not-text', { path }, { place: { file: path } });
    bytes += Buffer.byteLength(content);
  }
  if (bytes > limits.sourcesBytesMax) throw fail('sources-too-large', { bytes, max: limits.sourcesBytesMax });
}

function pointer(path: string): string {
  const shown = path.slice(0, limits.sourcePathCharactersMax);
  return `/sources/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
