import type { NotUnderstood, Understood } from '../types.ts';
import type { Scan } from './scan.ts';
import { fillers } from './words.ts';

/** What the prompt says about names. */
export interface Names {
  understood: Understood[];
  notUnderstood: NotUnderstood[];
}

const quoted =
  '["“„«](?<quoted>[^"”“»\\n]{1,64})["”»]|(?<![\\p{L}\\p{N}])[\'‘](?<single>[^\'’\\n]{1,64})[\'’](?![\\p{L}\\p{N}])|`(?<ticked>[^`\\n]{1,64})`';
const symbol = '\\$?(?<symbol>[A-Za-z0-9]{1,16})';
const nameMarker =
  '(?:called|named|titled|call (?:it|this)|name (?:it|this)|(?:with )?(?:the |a |its )?(?:full )?name(?: (?:is|of|should be|will be))?)\\s*[:=]?\\s*(?:the )?';
const symbolMarker =
  '(?:with )?(?:the |a |its |an )?(?:symbol|ticker)(?: symbol)?(?: (?:is|of|should be|will be|as))?\\s*[:=]?\\s*';
/** Words that end an unquoted name even when they are written with a capital. */
const stops = new Set(
  'with and that which who has have having symbol ticker for on in using whose where supply total initial max maximum decimals decimal is please mintable burnable pausable capped ownable enumerable upgradeable upgradable permit erc20 erc721 erc-20 erc-721 nft after by'.split(
    ' ',
  ),
);
/** Words that never begin a name: nothing was named. */
const grammar = new Set(
  'with and or that which who has have having symbol ticker on using whose where is after by as for of to in'.split(
    ' ',
  ),
);
const connectors = new Set(['of', 'the', 'de', 'la', 'du', 'von', '&', 'for', 'in', 'on']);

/**
 * Reads the name (`called GameCoin`, `named "Foo Bar"`, `GameCoin (GMC)`, `name: X`) and the symbol
 * (`symbol GMC`, `ticker $GMC`, `(GMC)`). A name needs one of these forms: other words of the prompt never
 * become one. First, because names may hold any word.
 */
export function readNames(scan: Scan): Names {
  const names: Names = { understood: [], notUnderstood: [] };
  readName(scan, names);
  readSymbol(scan, names);
  return names;
}

function readName(scan: Scan, names: Names): void {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])${nameMarker}(?:${quoted}|(?=\\S))`, 'diu');
  const match = pattern.exec(scan.text);
  if (!match) {
    readBareName(scan, names);
    return;
  }
  const inQuotes = match.groups?.['quoted'] ?? match.groups?.['single'] ?? match.groups?.['ticked'];
  const after = match.index + match[0].length;
  if (inQuotes !== undefined) {
    understand(scan, names, { option: 'name', value: inQuotes.trim(), start: match.index, end: after });
    return;
  }
  const words = unquotedName(scan.text.slice(after));
  if (words === undefined) return;
  const end = after + words.length;
  if (doubtfulName(words, scan.text.slice(end))) {
    const stop = end + (/^ [\p{L}\p{N}]+/u.exec(scan.text.slice(end))?.[0].length ?? 0);
    const text = scan.text.slice(match.index, stop);
    names.notUnderstood.push({
      text,
      hint: 'Put the name in quotes: it is not clear where it begins and ends.',
    });
    scan.take(match.index, stop);
    return;
  }
  understand(scan, names, { option: 'name', value: words, start: match.index, end });
}

/** The first word, then further words with a capital, with small connecting words between them. */
function unquotedName(text: string): string | undefined {
  const first = /^[\p{L}\p{N}][\p{L}\p{N}_'’.&-]*(?<![.'’])/u.exec(text)?.[0];
  if (!first || grammar.has(first.toLowerCase())) return undefined;
  let end = first.length;
  for (;;) {
    const next = /^((?: [\p{Ll}&]+){0,2}) ([\p{Lu}\p{N}][\p{L}\p{N}_'’.-]*(?<![.'’]))/u.exec(text.slice(end));
    const between = next?.[1]?.trim().split(' ').filter(Boolean) ?? [];
    const word = next?.[2];
    const startsWithCapital = /^\p{Lu}|^\p{N}/u.test(first);
    if (!next || !word || !startsWithCapital || stops.has(word.toLowerCase()) || /^\d/.test(word)) break;
    if (!between.every((one) => connectors.has(one))) break;
    end += next[0].length;
  }
  return text.slice(0, end);
}

/** A lower-case name that is an everyday word, or followed by another word that is no stop: where does it end? */
function doubtfulName(name: string, rest: string): boolean {
  if (/\p{Lu}|\p{Lo}/u.test(name)) return false;
  if (fillers.has(name) || stops.has(name)) return true;
  const next = /^ ([\p{L}\p{N}]+)/u.exec(rest)?.[1];
  return next !== undefined && !stops.has(next.toLowerCase()) && !fillers.has(next.toLowerCase());
}

/** `GameCoin (GMC)`, `"Game Coin" (GMC)`: quoted or with capitals, before a symbol in brackets. */
function readBareName(scan: Scan, names: Names): void {
  const match =
    /(?:["“”„«]([^"”“»\n]{1,64})["”“»]\s|((?:[\p{Lu}][\p{L}\p{N}'’-]*\s)+))\(\$?([A-Z0-9]{2,11})\)/u.exec(
      scan.text,
    );
  const end = match ? scan.text.slice(0, scan.text.indexOf('(', match.index)).trimEnd().length : 0;
  if (match?.[1]) {
    understand(scan, names, { option: 'name', value: match[1].trim(), start: match.index, end });
    return;
  }
  if (!match?.[2]) return;
  const words = match[2].trim().split(/\s+/);
  while (words[0] && (fillers.has(words[0].toLowerCase()) || stops.has(words[0].toLowerCase())))
    words.shift();
  const name = words.join(' ');
  if (name === '' || /^(?:token|coin|collection|storage)$/i.test(name)) return;
  understand(scan, names, { option: 'name', value: name, start: end - name.length, end });
}

function readSymbol(scan: Scan, names: Names): void {
  const rest = scan.unread();
  const marked = new RegExp(
    `(?<![\\p{L}\\p{N}_])${symbolMarker}(?:${quoted}|${symbol}(?![\\p{L}\\p{N}]))`,
    'diu',
  ).exec(rest);
  if (marked) {
    const { quoted: double, single, ticked, symbol: bare } = marked.groups ?? {};
    const value = double ?? single ?? ticked ?? bare ?? '';
    if (bare === undefined || !fillers.has(bare.toLowerCase())) {
      const end = marked.index + marked[0].length;
      understand(scan, names, {
        option: 'symbol',
        value: value.replace(/^\$/, ''),
        start: marked.index,
        end,
      });
      return;
    }
  }
  const other =
    /\(\s*\$?([A-Z][A-Z0-9]{1,10})\s*\)|(?<![\p{L}\p{N}])\$([A-Z][A-Z0-9]{1,10})(?![\p{L}\p{N}])/u.exec(rest);
  const value = other?.[1] ?? other?.[2];
  if (!other || !value || /^(?:ERC|EIP|BEP)\d/.test(value) || /^(?:NFT|DAO|DEFI|UUPS|ETH|USD)$/.test(value))
    return;
  understand(scan, names, {
    option: 'symbol',
    value,
    start: other.index,
    end: other.index + other[0].length,
  });
}

function understand(
  scan: Scan,
  names: Names,
  found: { option: string; value: string; start: number; end: number },
): void {
  names.understood.push({
    option: found.option,
    value: found.value,
    text: scan.text.slice(found.start, found.end).trim(),
  });
  scan.take(found.start, found.end);
}
