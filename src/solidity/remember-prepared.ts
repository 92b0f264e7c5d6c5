import { keepRecent } from '../lib/recent.ts';
import type { CompilerVersions } from './compiler-catalogue.ts';
import { prepareCompile } from './prepare.ts';
import type { CompileRequest, PreparedCompile } from './types.ts';

/** Of what is remembered, in characters of requests. */
const requestBytesMax = 4_194_304;

/**
 * Prepares requests, and gives what it gave before for one that is the same to the letter: an editor asks again and
 * again, and a build that was made before costs little beside its preparation. Errors are not remembered. What is given
 * is shared, so nobody may change it.
 *
 * @throws AppError as `prepareCompile`
 */
export function rememberPrepared(
  versions: () => CompilerVersions,
): (request: CompileRequest) => PreparedCompile {
  const known = keepRecent<PreparedCompile>(requestBytesMax);
  return (request) => {
    const choice = versions();
    const key = JSON.stringify([request, choice.listed]);
    const found = known.get(key);
    if (found) return found;
    const prepared = prepareCompile(request, choice);
    known.set(key, prepared, key.length);
    return prepared;
  };
}
