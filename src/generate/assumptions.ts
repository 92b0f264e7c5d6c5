import type { Assumed } from './types.ts';

/** A ticker made from a name: initials of its words (`GameCoin` → `GC`), else its first four letters. */
export function symbolFrom(name: string): string {
  const words = name.normalize('NFKD').match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? [];
  if (words.length === 0) return 'TKN';
  if (words.length === 1) return String(words[0]).slice(0, 4).toUpperCase();
  return words
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 6)
    .toUpperCase();
}

/** What is assumed about name and symbol when they are not given. Names are never made from a prompt's words. */
export function assumeNames(
  given: Readonly<Record<string, unknown>>,
  neutral: { name: string; symbol: string },
): Assumed[] {
  const { name, symbol } = given;
  const assumed: Assumed[] = [];
  if (name === undefined) {
    assumed.push({ option: 'name', value: neutral.name, reason: 'No name was given; this one is neutral.' });
  }
  if (symbol === undefined) {
    assumed.push(
      typeof name === 'string'
        ? {
            option: 'symbol',
            value: symbolFrom(name),
            reason: `No symbol was given; derived from the name ${name}.`,
          }
        : { option: 'symbol', value: neutral.symbol, reason: 'No symbol was given; this one is neutral.' },
    );
  }
  return assumed;
}

/** Who is in charge when nobody said: one owner when something needs guarding, else nobody. */
export function assumeAccess(given: Readonly<Record<string, unknown>>, guarded: string[]): Assumed[] {
  if (given['access'] !== undefined) return [];
  return [
    guarded.length > 0
      ? {
          option: 'access',
          value: 'ownable',
          reason: `One owner is in charge, as ${guarded.join(' and ')} must be guarded.`,
        }
      : { option: 'access', value: 'none', reason: 'Nothing in it needs somebody in charge.' },
  ];
}
