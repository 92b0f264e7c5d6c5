import { limits } from '../lib/limits.ts';
import { fail } from './errors.ts';
import { pathProblem } from './source-paths.ts';
import type { Sources } from './types.ts';

/**
 * Refuses sources that are too many, too large, not text, or named with a path that could leave the sources or that is
 * another's on a system which takes upper and lower case, or the two ways to write an accent, for the same.
 *
 * @throws AppError `sources-empty`, `sources-too-many`, `sources-too-large`, `source-path-invalid`,
 *   `source-paths-clash`, `source-not-text`
 */
export function checkSources(sources: Sources): void {
  const entries = Object.entries(sources);
  if (entries.length === 0) throw fail('sources-empty');
  if (entries.length > limits.sourceFilesMax) {
    throw fail('sources-too-many', { count: entries.length, max: limits.sourceFilesMax });
  }
  const folded = new Map<string, string>();
  let bytes = 0;
  for (const [path, content] of entries) {
    const reason = pathProblem(path);
    if (reason) {
      const shown = JSON.stringify(path.slice(0, limits.sourcePathCharactersMax));
      throw fail('source-path-invalid', { path: shown, reason }, { place: { pointer: pointer(path) } });
    }
    const same = path.normalize('NFC').toLowerCase();
    const other = folded.get(same);
    if (other !== undefined) throw clash(other, path);
    folded.set(same, path);
    if (!content.isWellFormed()) throw fail('source-not-text', { path }, { place: { file: path } });
    bytes += Buffer.byteLength(content);
  }
  if (bytes > limits.sourcesBytesMax) throw fail('sources-too-large', { bytes, max: limits.sourcesBytesMax });
}

function clash(first: string, second: string) {
  const isCase = first.normalize('NFC') !== second.normalize('NFC');
  const difference = isCase ? 'upper and lower case' : 'how an accent is written (Unicode normalisation)';
  return fail('source-paths-clash', { first, second, difference }, { place: { pointer: pointer(second) } });
}

function pointer(path: string): string {
  const shown = path.slice(0, limits.sourcePathCharactersMax);
  return `/sources/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
