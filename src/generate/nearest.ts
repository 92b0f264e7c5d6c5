/** Edit distance (Levenshtein): how many letters to insert, delete or replace. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** @returns the candidate nearest by edit distance, whole or by one word of its camelCase: for "did you mean". */
export function nearestWord(word: string, candidates: readonly string[]): string {
  const short = word.slice(0, 64).toLowerCase();
  const far = (candidate: string) => {
    const parts = candidate.split(/(?=[A-Z])/).map((part) => 0.5 + distance(short, part.toLowerCase()));
    return Math.min(distance(short, candidate.toLowerCase()), ...parts);
  };
  const ranked = candidates.map((candidate) => ({ candidate, far: far(candidate) }));
  return ranked.sort((left, right) => left.far - right.far)[0]?.candidate ?? '';
}
