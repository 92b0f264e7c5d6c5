/**
 * Finds what the caller may have meant: of the candidates with the same last path segment the one with most folders in
 * common, else the one with the smallest edit distance (Levenshtein) when that is small enough to be a slip.
 */
export function nearest(wanted: string, candidates: Iterable<string>): string | undefined {
  const base = lastSegment(wanted);
  // Of a short name most of it has to be right.
  const distanceMax =
    wanted.length < 4 ? Math.floor(wanted.length / 2) : Math.max(2, Math.floor(wanted.length / 4));
  let best: string | undefined;
  let bestDistance = distanceMax + 1;
  for (const candidate of candidates) {
    const sameFile = candidate.includes('/') && lastSegment(candidate) === base;
    // Below that of any slip but one of letter case, and between the two by the folders that differ.
    const distance = sameFile
      ? 0.5 + differingFolders(wanted, candidate) / 1_000
      : editDistance(wanted, candidate, bestDistance);
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

function differingFolders(wanted: string, candidate: string): number {
  const folders = new Set(wanted.split('/'));
  const others = candidate.split('/');
  const common = others.filter((folder) => folders.has(folder)).length;
  return folders.size + others.length - 2 * common;
}

/** Stops early, with `limit`, when the distance cannot be below it. Letter case counts for nothing but a tie. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit;
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  if (a === b) return left === right ? 0 : 0.25;
  const band = Math.ceil(limit);
  let previous = Uint16Array.from({ length: b.length + 1 }, (_, index) => index);
  let row = new Uint16Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    // Outside of this band the distance is above the limit whatever comes.
    const from = Math.max(1, i - band);
    const to = Math.min(b.length, i + band);
    row.fill(band);
    row[0] = i;
    let smallest = i;
    const code = a.charCodeAt(i - 1);
    for (let j = from; j <= to; j++) {
      const cost = code === b.charCodeAt(j - 1) ? 0 : 1;
      const kept = (previous[j - 1] as number) + cost;
      const changed = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1);
      row[j] = Math.min(kept, changed);
      smallest = Math.min(smallest, row[j] as number);
    }
    if (smallest >= limit) return limit;
    [previous, row] = [row, previous];
  }
  return previous[b.length] as number;
}
