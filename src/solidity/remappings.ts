import { fail } from './errors.ts';

interface Remapping {
  context: string;
  prefix: string;
  target: string;
}

/** Reads `[context:]prefix=target`. @throws AppError `remapping-invalid` */
export function readRemappings(lines: readonly string[]): Remapping[] {
  return lines.map((line) => {
    const match = /^(?:([^:=]*):)?([^=]+)=(.*)$/.exec(line);
    if (!match) throw fail('remapping-invalid', { remapping: line });
    return { context: match[1] ?? '', prefix: match[2] ?? '', target: match[3] ?? '' };
  });
}

/** Puts a remapping's target in place of its prefix, where one fits. */
export function remap(remappings: readonly Remapping[], file: string, path: string): string {
  const best = findRemapping(remappings, file, path);
  return best ? best.target + path.slice(best.prefix.length) : path;
}

/** The compiler's rule: the longest context, then the longest prefix; the last of equals wins. */
export function findRemapping(
  remappings: readonly Remapping[],
  file: string,
  path: string,
): Remapping | undefined {
  let best: Remapping | undefined;
  for (const one of remappings) {
    if (!file.startsWith(one.context) || !path.startsWith(one.prefix)) continue;
    if (best && one.context.length < best.context.length) continue;
    if (best && one.context.length === best.context.length && one.prefix.length < best.prefix.length)
      continue;
    best = one;
  }
  return best;
}

export type { Remapping };
