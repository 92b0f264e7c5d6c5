import { limits } from '../lib/limits.ts';

/**
 * Why a path may not be used for a source; nothing when it may. A good path is relative, has forward slashes
 * and no `.`, `..` or empty segment, so that it can never leave the sources, on any system.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.includes('\0')) return 'it holds a NUL character';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0001-\u001f\u007f]/.test(path)) return 'it holds a control character';
  if (path.includes('\\')) return 'it holds a backslash';
  if (path.length > limits.sourcePathCharactersMax) {
    return `it is longer than ${limits.sourcePathCharactersMax} characters`;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'it is a URL';
  if (/^[a-z]:/i.test(path)) return 'it starts with a drive letter';
  if (path.startsWith('/')) return 'it is an absolute path';
  if (path.startsWith('~')) return 'it points to a home directory';
  const segments = path.split('/');
  if (segments.includes('..')) return 'it leaves the sources with ".."';
  if (segments.includes('.')) return 'it has a "." segment';
  if (segments.includes('')) return 'it has an empty segment';
  if (segments.includes('__proto__')) return 'it is a reserved name';
  return undefined;
}

/**
 * Joins a relative import to the file it stands in, as the compiler does: several slashes count as one.
 *
 * @returns undefined when it climbs above the root of the sources
 */
export function joinRelative(file: string, path: string): string | undefined {
  const segments = file.split('/').slice(0, -1);
  for (const segment of path.split('/')) {
    if (segment === '.' || segment === '') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}
