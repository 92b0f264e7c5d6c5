/**
 * A text from a source as it may reach a terminal: control characters, which could move the cursor or change colours,
 * and characters that turn the writing direction around, which could show code in another order than it runs in, are
 * replaced by visible ones of the same width. Tabs stay; line feeds become an indented new line.
 */
export function printable(text: string): string {
  return text
    .replace(bidirectional, '�')
    .replace(/\r?\n/g, '\n  ')
    .replace(control, (character) => {
      const code = character.charCodeAt(0);
      if (code < 32) return String.fromCharCode(0x2400 + code);
      return code === 127 ? '␡' : '�';
    });
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
/** Unicode's bidirectional controls (UAX #9): embeddings, overrides, isolates and marks. */
const bidirectional = /\p{Bidi_Control}/gu;
const control = /(?![\t\n])\p{Cc}/gu;
/** East Asian wide and full-width blocks (UAX #11) and emoji. */
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}])/u;
