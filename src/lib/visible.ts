/**
 * A text from a source as it may be shown: control characters, which could move a cursor or change colours, and characters
 * that turn the writing direction around, which could show code in another order than it runs in, are replaced by visible
 * ones of the same width. Tabs and line ends stay.
 */
export function visible(text: string): string {
  return text.replace(bidirectional, '�').replace(control, (character) => {
    const code = character.charCodeAt(0);
    if (code < 32) return String.fromCharCode(0x2400 + code);
    return code === 127 ? '␡' : '�';
  });
}

/** Unicode's bidirectional controls (UAX #9): embeddings, overrides, isolates and marks. */
const bidirectional = /\p{Bidi_Control}/gu;
const control = /(?!\t|\n|\r\n)\p{Cc}/gu;
