import { visible } from '../lib/visible.ts';

/**
 * A text from a source as it may reach a terminal: what could move the cursor, change colours or turn the writing
 * direction around is made visible. Tabs stay; line feeds become an indented new line.
 */
export function printable(text: string): string {
  return visible(text).replace(/\r?\n/g, '\n  ');
}

/**
 * Carets below a part of a line. What stands before and above them decides where they go on a screen.
 *
 * @param part from and to in characters, from 0
 * @returns blanks as wide as what stands before, tabs kept, and the carets
 */
export function caretsBelow(line: string, { from, to }: { from: number; to: number }): [string, string] {
  const blanks = printable(line.slice(0, from))
    .split('\t')
    .map((part) => ' '.repeat(displayWidth(part)));
  return [blanks.join('\t'), '^'.repeat(Math.max(1, displayWidth(printable(line.slice(from, to)))))];
}

/** Columns that a text without tabs takes in a terminal: none for marks that combine, two for wide characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!combining.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Marks that stand on the character before them, and spaces and joiners of no width. */
const combining = /^(?:\p{Mn}|\p{Me}|[\u200b-\u200d])$/u;
/** East Asian wide and full-width blocks (UAX #11) and emoji. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])/u;
