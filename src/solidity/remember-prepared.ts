import type { CompilerVersions } from './compiler-catalogue.ts';
import { prepareCompile } from './prepare.ts';
import type { CompileRequest, PreparedCompile } from './types.ts';

/** What is prepared at the same time, in bytes of requests; the oldest goes first. */
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
  const known = new Map<string, PreparedCompile>();
  let bytes = 0;
  return (request) => {
    const choice = versions();
    const key = JSON.stringify([request, choice.listed]);
    const found = known.get(key);
    if (found) {
      // The last one to be asked for is the last one to go.
      known.delete(key);
      known.set(key, found);
      return found;
    }
    const prepared = prepareCompile(request, choice);
    if (key.length > requestBytesMax) return prepared;
    known.set(key, prepared);
    bytes += key.length;
    for (const oldest of known.keys()) {
      if (bytes <= requestBytesMax) break;
      known.delete(oldest);
      bytes -= oldest.length;
    }
    return prepared;
  };
}
