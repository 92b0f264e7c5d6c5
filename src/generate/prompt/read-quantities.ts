import type { Quantity, Understood, Vocabulary } from '../types.ts';
import { numberPattern, numberText } from './read-numbers.ts';
import { type Scan, wholeWords } from './scan.ts';
import { fillers } from './words.ts';

/** A number or the words of a quantity, where they stand. */
interface Item {
  start: number;
  end: number;
  quantity?: Quantity;
  number?: { text: string | undefined; counted: boolean };
}

/** What may stand between a number and its words: `supply of 10M`, `decimals: 8`. */
const link =
  /^\s*(?:(?:of|is|are|to|at|be|should be|will be|set to|equal to|:|=|-|an?|exactly|tokens?)\s*)*$/i;
const strongLink = /\b(?:of|is|to|at|be)\b|[:=]/i;

/**
 * Reads numbers with a meaning. A number belongs to the words that a link joins it to (`supply of 10M`), else to
 * its neighbour, from left to right; a bare count (`1000 tokens`) counts only when nothing else is said beside it.
 */
export function readQuantities(scan: Scan, vocabulary: Vocabulary, found: Understood[]): void {
  const items = findItems(scan.unread(), vocabulary, found);
  const pair = (left: Item, right: Item) => {
    const [words, number] = left.quantity ? [left, right] : [right, left];
    if (words.quantity && number.number) {
      settleNumber(scan, found, {
        ...words.quantity,
        text: number.number.text,
        start: left.start,
        end: right.end,
      });
    }
  };
  let open = joinNeighbours(
    scan,
    items,
    pair,
    (between, left) => Boolean(left.quantity) && strongLink.test(between),
  );
  open = joinNeighbours(scan, open, pair, () => true);
  for (const item of open) {
    // "capped token with a cap of 1M": the word without its number adds nothing.
    if (item.quantity && found.some((one) => one.option === item.quantity?.option))
      scan.take(item.start, item.end);
    const option = vocabulary.counted?.option;
    const quantity = vocabulary.quantities.find((one) => one.option === option);
    if (item.number?.counted && quantity && standsAlone(scan, item)) {
      settleNumber(scan, found, { ...quantity, text: item.number.text, start: item.start, end: item.end });
    }
  }
}

/** Joins pairs from left to right; @returns the items that stay alone. */
function joinNeighbours(
  scan: Scan,
  items: Item[],
  pair: (left: Item, right: Item) => void,
  fits: (between: string, left: Item) => boolean,
): Item[] {
  const open: Item[] = [];
  for (let index = 0; index < items.length; index++) {
    const left = items[index];
    const right = items[index + 1];
    if (!left) continue;
    const between = right ? scan.text.slice(left.end, right.start) : '';
    const differ = right && Boolean(left.quantity) !== Boolean(right.quantity);
    if (right && differ && link.test(between) && fits(between, left)) {
      pair(left, right);
      index++;
    } else open.push(left);
  }
  return open;
}

function findItems(text: string, vocabulary: Vocabulary, found: Understood[]): Item[] {
  const words = vocabulary.quantities.flatMap((quantity) =>
    [...text.matchAll(wholeWords(quantity.words.join('|')))].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      quantity,
    })),
  );
  const symbol = String(found.find((one) => one.option === 'symbol')?.value ?? '');
  const things = [
    ...(vocabulary.counted?.words ?? []),
    ...(/^\w+$/.test(symbol) ? [`${symbol}(?: tokens?)?`] : []),
  ];
  const counted = vocabulary.counted
    ? `(?<counted>\\s(?:of )?(?:${things.join('|')})(?![\\p{L}\\p{N}]))?`
    : '';
  const numbers = [
    ...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}_.,$#-])${numberPattern}${counted}`, 'giu')),
  ].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    number: { text: numberText(match.groups ?? {}), counted: match.groups?.['counted'] !== undefined },
  }));
  const items: Item[] = [...words, ...numbers];
  items.sort((left, right) => left.start - right.start || right.end - left.end);
  const kept: Item[] = [];
  for (const item of items) if (item.start >= (kept.at(-1)?.end ?? 0)) kept.push(item);
  return kept;
}

function settleNumber(
  scan: Scan,
  found: Understood[],
  pair: { option: string; kind: Quantity['kind']; text: string | undefined; start: number; end: number },
): void {
  const { option, kind, text, start, end } = pair;
  const value = text !== undefined && kind === 'integer' ? Number(text) : text;
  if (value === undefined || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    scan.setAside(
      start,
      end,
      'This number can be read in more than one way: write it with digits only, e.g. 1000000.',
    );
    return;
  }
  found.push({ option, value, text: scan.text.slice(start, end).trim() });
  scan.take(start, end);
}

/** "with 1000 tokens" is a supply; "airdrop 1000 tokens" is something else. */
function standsAlone(scan: Scan, item: Item): boolean {
  const clause = scan.clauseAt(item.start);
  const unread = scan.unread();
  const rest = `${unread.slice(clause.start, item.start)} ${unread.slice(item.end, clause.end)}`;
  return (rest.match(/[\p{L}\p{N}]+/gu) ?? []).every(
    (word) => fillers.has(word.toLowerCase()) || word.toLowerCase() === 'supply',
  );
}
