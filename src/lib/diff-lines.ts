/** A line that stays, goes or comes. */
export interface DiffLine {
  sign: ' ' | '-' | '+';
  text: string;
}

/**
 * Compares two short texts line by line, by their longest common subsequence.
 *
 * @param isSame whether two lines count as equal; what is shown of those that stay is the line of `after`
 * @returns every line of both, what goes before what comes
 */
export function diffLines(
  before: string,
  after: string,
  isSame: (a: string, b: string) => boolean = (a, b) => a === b,
): DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const width = fresh.length + 1;
  // Length of the longest common subsequence of what begins at a line of each.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      common[i * width + j] = isSame(old[i] ?? '', fresh[j] ?? '')
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [a, b] = [old[i], fresh[j]];
    if (a !== undefined && b !== undefined && isSame(a, b)) {
      lines.push({ sign: ' ', text: b });
      i++;
      j++;
    } else if (a !== undefined && (b === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: a });
      i++;
    } else {
      lines.push({ sign: '+', text: b ?? '' });
      j++;
    }
  }
  return lines;
}
