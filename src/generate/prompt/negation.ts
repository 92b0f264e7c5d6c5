/** Whether a word of the prompt is wanted, refused, or unclear; `from`…`to` also covers the negating words. */
export interface Negation {
  verdict: 'positive' | 'negative' | 'unclear';
  from: number;
  to: number;
}

const negators = new Set(
  "no not without non un never cannot can't cant don't dont doesn't isn't aren't shouldn't won't mustn't nobody none disable disabled disabling exclude excluding remove omit skip lacks lacking".split(
    ' ',
  ),
);
/** Words that may stand between the negation and what it negates. */
const between = new Set(
  'any the a an be is are being to of for have has having want need support allow allowed allowing enable include including more further additional later extra future token tokens coins functionality feature features ability it one can may should must'.split(
    ' ',
  ),
);
const featureWord =
  /^(?:mint(?:able|ing|ed|s)?|burn(?:able|ing|ed|s|t)?|paus(?:e|able|ing|ed)|permits?|votes|voting|flash|enumerable|enumeration|owner|ownable|roles?|cap|capped)$/i;
const confirmed =
  /^\s*(?:functionality |feature )?(?:(?:is|are|should be|must be)\s|:|=)\s*(?:yes|true|on|enabled|allowed|needed|required|wanted)(?![\p{L}\p{N}])/iu;
/** A negation farther away than this is about something else. */
const lookbackCharacters = 120;
const after =
  /^\s*(?:(?:functionality|function|feature|is|are|should be|must be|will be|can be|:|=)\s*)*(?:not (?:allowed|possible|enabled|needed|required|supported|wanted)|disabled|turned off|off|forbidden|impossible|false|no(?=\s*(?:[,.;\n]|$)))/i;

/**
 * Reads around a feature word whether it is negated: `no minting`, `without burn`, `not pausable`,
 * `cannot be minted`, `minting disabled`, and lists (`without minting or burning`). A negation that may or
 * may not reach over a comma or an `and` makes it unclear.
 */
export function negation(text: string, start: number, end: number): Negation {
  const behind = after.exec(text.slice(end, end + lookbackCharacters));
  if (behind) return { verdict: 'negative', from: start, to: end + behind[0].length };
  const agreed = confirmed.exec(text.slice(end, end + lookbackCharacters));
  if (agreed) return { verdict: 'positive', from: start, to: end + agreed[0].length };
  const lookback = Math.max(0, start - lookbackCharacters);
  const tokens = [...text.slice(lookback, start).matchAll(/[\p{L}\p{N}'’_]+|[^\s\p{L}\p{N}]/gu)].reverse();
  let reach: 'sure' | 'unclear' = 'sure';
  let crossed = false;
  let crossedOr = listWithOr(text.slice(end, end + lookbackCharacters));
  let previous = '';
  for (const token of tokens) {
    const word = token[0].toLowerCase().replace('’', "'");
    // Only a list of features carries a negation over a comma: "minting disabled, burning" is no list.
    if ((previous === ',' || previous === 'and') && !featureWord.test(word)) break;
    if (negators.has(word)) {
      const from = crossed ? start : lookback + token.index;
      return { verdict: reach === 'sure' ? 'negative' : 'unclear', from, to: end };
    }
    if (word === 'or' || word === 'nor' || word === '/') crossed = crossedOr = true;
    else if (word === 'and' || word === ',') {
      crossed = true;
      if (!crossedOr) reach = 'unclear';
    } else if (word !== '-' && !between.has(word) && !(crossed && featureWord.test(word))) break;
    previous = word;
  }
  return { verdict: 'positive', from: start, to: end };
}

/** "no mint, burn or pause": a later "or" carries the negation over the commas. */
function listWithOr(rest: string): boolean {
  return /^\s*(?:,\s*\w+\s*)*,?\s*(?:or|nor)\b/i.test(rest);
}
