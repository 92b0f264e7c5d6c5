import type { Phrase, PromptReading, Template, Understood } from '../types.ts';
import { findLeftovers } from './find-leftovers.ts';
import { negation } from './negation.ts';
import type { Names } from './read-names.ts';
import { readQuantities } from './read-quantities.ts';
import { type Scan, wholeWords } from './scan.ts';
import { conditionPattern, refusedEverywhere } from './words.ts';

/**
 * Reads a prompt's options for one template. Every stretch of the text is either taken by a rule or reported
 * as not understood; contradictions are reported and settle nothing.
 *
 * @param scan the prompt, its names already read
 * @param given options that the caller gave beside the prompt: they end contradictions about them
 */
export function readPrompt(
  scan: Scan,
  template: Template,
  names: Names,
  given: readonly string[],
): Pick<PromptReading, 'understood' | 'notUnderstood'> {
  const { vocabulary } = template;
  const found: Understood[] = [...names.understood];
  readPhrases(
    scan,
    vocabulary.phrases.filter((phrase) => phrase.early),
    found,
  );
  takeMainNoun(scan, template);
  setRefusedAside(scan, [...vocabulary.refused, ...refusedEverywhere]);
  setConditionsAside(scan);
  const early = vocabulary.phrases.filter((phrase) => phrase.pattern.includes('<tail>'));
  readPhrases(scan, early, found);
  readQuantities(scan, vocabulary, found);
  readPhrases(
    scan,
    vocabulary.phrases.filter((phrase) => !phrase.early && !early.includes(phrase)),
    found,
  );
  takeNouns(scan, [...template.nouns, ...template.looseNouns]);
  const { agreed, contradictions } = settleContradictions(found, given, template);
  return {
    understood: agreed,
    notUnderstood: [...names.notUnderstood, ...contradictions, ...findLeftovers(scan, template, agreed)],
  };
}

function readPhrases(scan: Scan, phrases: Phrase[], found: Understood[]): void {
  for (const phrase of phrases) {
    for (const match of scan.unread().matchAll(wholeWords(phrase.pattern))) {
      readPhrase(scan, phrase, match as RegExpExecArray, found);
    }
  }
}

function readPhrase(scan: Scan, phrase: Phrase, match: RegExpExecArray, found: Understood[]): void {
  const start = match.index;
  const end = start + match[0].length;
  const { verdict, from, to } = negation(scan.text, start, end);
  const positive = typeof phrase.sets === 'function' ? phrase.sets(match) : phrase.sets;
  const sets = verdict === 'positive' ? positive : phrase.negated;
  if (verdict === 'unclear' || sets === undefined) {
    scan.setAside(
      from,
      to,
      'It is not clear whether this is wanted or not; say it in a sentence of its own.',
    );
    return;
  }
  const tail = match.groups?.['tail']?.length ?? 0;
  const text = scan.text.slice(from, Math.max(to, end + tail)).trim();
  for (const [option, value] of Object.entries(sets)) found.push({ option, value, text });
  scan.take(from, to);
}

/** The noun that names the template stands apart from what is said around it. */
function takeMainNoun(scan: Scan, template: Template): void {
  const loose = template.looseNouns.join('|');
  const pattern = `(?:${template.nouns.join('|')})(?:[ -](?:${loose}|${template.nouns.join('|')}|collection|contract))*`;
  const match = wholeWords(pattern).exec(scan.unread());
  if (match) scan.take(match.index, match.index + match[0].length);
}

function takeNouns(scan: Scan, nouns: string[]): void {
  for (const match of scan.unread().matchAll(wholeWords(nouns.join('|')))) {
    scan.take(match.index, match.index + match[0].length);
  }
}

function setRefusedAside(scan: Scan, refused: { pattern: string; hint: string }[]): void {
  for (const { pattern, hint } of refused) {
    for (const match of scan.unread().matchAll(wholeWords(pattern))) {
      const end = match.index + match[0].length;
      const stretch = stretchAround(scan, match.index, end);
      scan.setAside(stretch.start, stretch.end, hint);
    }
  }
}

/** A clause with a condition, a rate or a price is not the plain option that its words seem to say. */
function setConditionsAside(scan: Scan): void {
  const pattern = new RegExp(`%|${wholeWords(conditionPattern).source}`, 'giu');
  for (const match of scan.unread().matchAll(pattern)) {
    const stretch = stretchAround(scan, match.index, match.index + match[0].length);
    scan.setAside(stretch.start, stretch.end);
  }
}

/** The unread text around a place, up to the ends of its clause or to what has been read. */
function stretchAround(scan: Scan, from: number, to: number): { start: number; end: number } {
  const clause = scan.clauseAt(from);
  let start = from;
  while (start > clause.start && !scan.isRead(start - 1)) start--;
  let end = to;
  while (end < clause.end && !scan.isRead(end)) end++;
  return { start, end };
}

/** Two different values for one option: neither is taken. */
function settleContradictions(found: Understood[], given: readonly string[], template: Template) {
  const agreed: Understood[] = [];
  const contradictions = [];
  for (const option of new Set(found.map((one) => one.option))) {
    const said = found.filter((one) => one.option === option);
    const first = said[0];
    if (!first) continue;
    if (said.every((one) => JSON.stringify(one.value) === JSON.stringify(first.value))) agreed.push(first);
    else if (!given.includes(option)) {
      const text = [...new Set(said.map((one) => one.text))].join(' … ');
      const hint = `This contradicts itself about ${option} of ${template.title}: say one of them.`;
      contradictions.push({ text, hint });
    }
  }
  return { agreed, contradictions };
}
