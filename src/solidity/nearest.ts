/**
 * Finds what the caller may have meant: a candidate with the same last path segment, else the one with the smallest
 * edit distance (Levenshtein) when that is small enough to be a slip.
 */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  const base = lastSegment(wanted);
  const distanceMax = Math.max(2, Math.floor(wanted.length / 4));
  let best: string | undefined;
  let bestDistance = distanceMax + 1;
  for (const candidate of candidates) {
    const sameFile = candidate.includes('/') && lastSegment(candidate) === base;
    const distance = sameFile ? 1 : editDistance(wanted, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** @returns ` Did you mean X?` for the end of a message, or nothing. */
export function suggestion(wanted: string, candidates: Iterable<string>): string {
  const found = nearest(wanted, candidates);
  return found === undefined ? '' : ` Did you mean ${found}?`;
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Stops early, with `limit`, when the distance cannot be below it. Letter case counts for nothing but a tie. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit;
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  if (a === b) return left === right ? 0 : 0.5;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const cell = Math.min(
        (previous[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (previous[j - 1] as number) + cost,
      );
      row.push(cell);
      smallest = Math.min(smallest, cell);
    }
    if (smallest >= limit) return limit;
    previous = row;
  }
  return previous[b.length] as number;
}
