const scale: Record<string, number> = {
  k: 3,
  thousand: 3,
  m: 6,
  mil: 6,
  mn: 6,
  mm: 6,
  million: 6,
  millions: 6,
  b: 9,
  bn: 9,
  billion: 9,
  billions: 9,
  t: 12,
  tn: 12,
  trillion: 12,
  trillions: 12,
};
const words: Record<string, string> = {
  zero: '0',
  no: '0',
  one: '1',
  a: '1',
  'half a': '0.5',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  fifteen: '15',
  eighteen: '18',
  twenty: '20',
  fifty: '50',
  hundred: '100',
  'one hundred': '100',
  'a hundred': '100',
};
const units = Object.keys(scale).sort((left, right) => right.length - left.length);
const spelled = Object.keys(words)
  .filter((word) => !['a', 'no', 'half a'].includes(word))
  .sort((left, right) => right.length - left.length);
const bigUnits = units.filter((unit) => unit.length > 3);

/**
 * A number as people write it: `10M`, `2.5 million`, `1,000,000`, `one million`, `zero`. Groups: `n` digits or
 * `w` word, and `u` unit. A percentage, a date or `1e9` is none.
 */
export const numberPattern =
  `(?:(?<n>[0-9](?:[0-9.,_]*[0-9])?)(?:\\s?(?<u>${units.join('|')}))?(?!\\s?%|[.,]?[0-9]|[a-z])` +
  `|(?<w>half a|a|${spelled.join('|')}) (?<wu>${bigUnits.join('|')})|(?<ws>${spelled.join('|')}))`;

/** @returns the exact decimal text of a match of `numberPattern`, or undefined when its digits are ambiguous (`1.000.000`). */
export function numberText(groups: Record<string, string | undefined>): string | undefined {
  const word = groups['w'] ?? groups['ws'];
  const unit = (groups['u'] ?? groups['wu'])?.toLowerCase();
  const digits = word === undefined ? plainDigits(groups['n'] ?? '') : words[word.toLowerCase()];
  if (digits === undefined) return undefined;
  return shiftPoint(digits, unit === undefined ? 0 : (scale[unit] ?? 0));
}

/** Thousands in groups of three by one kind of separator, and at most one point. */
function plainDigits(text: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return text.replaceAll(',', '');
  if (/^\d{1,3}(_\d{3})+$/.test(text)) return text.replaceAll('_', '');
  return undefined;
}

function shiftPoint(text: string, places: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const padded = fraction.padEnd(places, '0');
  const integer = (whole + padded.slice(0, places)).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(places).replace(/0+$/, '');
  return rest === '' ? integer : `${integer}.${rest}`;
}
