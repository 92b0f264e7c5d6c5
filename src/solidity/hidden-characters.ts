import { type PlaceFinder, placeFinder } from './source-place.ts';
import { tokenReader } from './tokens.ts';
import type { Diagnostic } from './types.ts';

/** What Unicode calls the commonest of them. */
const names: Record<number, string> = {
  173: 'soft hyphen',
  8203: 'zero width space',
  8204: 'zero width non-joiner',
  8205: 'zero width joiner',
  8206: 'left-to-right mark',
  8207: 'right-to-left mark',
  8234: 'left-to-right embedding',
  8235: 'right-to-left embedding',
  8236: 'pop directional formatting',
  8237: 'left-to-right override',
  8238: 'right-to-left override',
  8288: 'word joiner',
  8294: 'left-to-right isolate',
  8295: 'right-to-left isolate',
  8296: 'first strong isolate',
  8297: 'pop directional isolate',
  12644: 'hangul filler',
  65279: 'byte order mark',
};
const bidirectional = /[\u202a-\u202e\u2066-\u2069]/;
/** What is drawn as nothing, but for the variation selectors, which are half of many emoji. */
const hidden = /(?![\ufe00-\ufe0f])\p{Default_Ignorable_Code_Point}/gu;
const byteOrderMark = 0xfeff;
const warningsPerFileMax = 20;

/**
 * Warns of characters that change what a reader sees but not what the compiler does: every bidirectional control, which
 * can show code in another order than it runs (Trojan Source, CVE-2021-42574; the compiler refuses only those that are
 * not closed), and invisible ones in code or beside a word. A joiner within an emoji or a Persian word is left alone.
 */
export function hiddenCharacterWarnings(file: string, source: string): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  let code: Set<number> | undefined;
  let finder: PlaceFinder | undefined;
  for (const match of source.matchAll(hidden)) {
    const [character] = match;
    const span = { start: match.index, end: match.index + character.length };
    const besideWord = isWord(source[span.start - 1]) || isWord(source[span.end]);
    if (!bidirectional.test(character) && !besideWord) {
      code ??= marksOf(source);
      if (!code.has(span.start)) continue;
    }
    finder ??= placeFinder(file, source);
    warnings.push(warning(character, finder.place(span)));
    if (warnings.length === warningsPerFileMax) break;
  }
  return warnings;
}

function warning(character: string, place: NonNullable<Diagnostic['place']>): Diagnostic {
  const point = character.codePointAt(0) ?? 0;
  const called = names[point] === undefined ? '' : ` (${names[point]})`;
  const shown = `U+${point.toString(16).toUpperCase().padStart(4, '0')}${called}`;
  const isBidirectional = bidirectional.test(character);
  const remove =
    point === byteOrderMark
      ? 'Save the file as UTF-8 without a byte order mark.'
      : 'Remove it: names and texts that look equal are not when one of them holds it.';
  return {
    severity: 'warning',
    code: isBidirectional ? 'bidirectional-control' : 'invisible-character',
    type: 'Warning',
    message: isBidirectional
      ? `${shown} makes editors show this text in another order than the compiler reads it.`
      : `${shown} stands here and cannot be seen.`,
    place,
    secondary: [],
    hint: isBidirectional
      ? 'Remove it, unless the text is in a script that needs it: it can hide what the code does (CVE-2021-42574).'
      : remove,
  };
}

/** Where single characters stand that belong to no word, string or comment. */
function marksOf(source: string): Set<number> {
  const starts = new Set<number>();
  const reader = tokenReader(source);
  for (reader.next(); reader.kind !== 'end'; reader.next())
    if (reader.kind === 'mark' && source.charCodeAt(reader.start) > 127) starts.add(reader.start);
  return starts;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_$]/.test(character);
}
