import type { NotUnderstood, Template, Understood } from '../types.ts';
import type { Scan } from './scan.ts';
import { fillers, hints, meaningful } from './words.ts';

/** What no rule took, phrase by phrase, without the filler words at its ends: nothing is silently dropped. */
export function findLeftovers(scan: Scan, template: Template, understood: Understood[]): NotUnderstood[] {
  const silent = new Set([...fillers, ...template.vocabulary.fillers, ...nameWords(understood)]);
  const text = scan.unexplained();
  const nameKnown = understood.some((one) => one.option === 'name');
  return scan.clauses().flatMap((clause) => {
    const runs = [...text.slice(clause.start, clause.end).matchAll(/[^\0]+/g)];
    return runs.flatMap((run) => {
      const start = clause.start + run.index;
      const phrase = trimFillers(run[0], silent);
      if (phrase === '') return [];
      const hint = scan.hintFor(start, start + run[0].length) ?? hintFor(phrase, template, nameKnown);
      return [{ text: phrase, hint }];
    });
  });
}

/** The name or symbol said again (`10M GMC tokens`) adds nothing. */
function nameWords(understood: Understood[]): string[] {
  const names = understood.filter((one) => one.option === 'name' || one.option === 'symbol');
  return names.flatMap(
    (one) =>
      String(one.value)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
  );
}

function trimFillers(run: string, silent: ReadonlySet<string>): string {
  const words = [...run.matchAll(/[\p{L}\p{N}$%#€£][\p{L}\p{N}$%#€£'’_+/.-]*/gu)];
  const bare = (word: string) =>
    word
      .toLowerCase()
      .replace('’', "'")
      .replace(/[.'’/-]+$/, '');
  if (words.every((word) => silent.has(bare(word[0])))) return '';
  const kept = (word: RegExpExecArray) => !silent.has(bare(word[0])) || meaningful.has(bare(word[0]));
  const first = words.find(kept);
  const last = words.findLast(kept);
  if (!first || !last) return '';
  return run
    .slice(first.index, last.index + last[0].length)
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '');
}

function hintFor(phrase: string, template: Template, nameKnown: boolean): string {
  const known = hints.find(([pattern]) => pattern.test(phrase));
  if (known) return known[1];
  if (!nameKnown && /^\p{Lu}[\p{L}\p{N}]*(?: \p{Lu}[\p{L}\p{N}]*)*$/u.test(phrase)) {
    return `If this is the name, write: called "${phrase}".`;
  }
  return `The template ${template.id} has no option for this.`;
}
