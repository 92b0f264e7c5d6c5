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

/** @returns the candidate with the smallest edit distance, for "did you mean"; long words are cut first. */
export function nearestWord(word: string, candidates: readonly string[]): string {
  const short = word.slice(0, 64).toLowerCase();
  const ranked = candidates.map((candidate) => ({
    candidate,
    far: distance(short, candidate.toLowerCase()),
  }));
  return ranked.sort((left, right) => left.far - right.far)[0]?.candidate ?? '';
}
