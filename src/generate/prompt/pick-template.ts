import { fail } from '../errors.ts';
import { nearestWord } from '../nearest.ts';
import type { Template } from '../types.ts';
import { type Scan, wholeWords } from './scan.ts';

/** Contract kinds that people ask for and that no template covers: taking a token for them would be wrong. */
const otherKinds = [
  'erc-? ?(?:1155|4626|777|1400|3643|404|6551|4337|3525|998|2981|5192)',
  'multi-? ?token',
  'market-? ?place',
  '(?:token |nft )?staking (?:contract|pool|platform|protocol|vault)',
  '(?:token |team )?vesting (?:contract|wallet|schedule|vault)',
  'auctions?(?: house| contract)?',
  'escrow',
  'vaults?',
  'multi-? ?sig(?:nature)?',
  'lottery|raffle',
  'crowd-?sale|crowd-?fund(?:ing)?|presale|ico|launch-?pad',
  'governor|dao contract|dao|timelock',
  'bridge|oracle|amm|dex|exchange|order ?book|liquidity pool',
  'lending|borrowing|loan (?:contract|protocol)',
  'payment splitter|splitter|subscriptions?',
  'voting (?:contract|system|app)|ballot|poll',
  'airdrop (?:contract|distributor)|merkle (?:airdrop|distributor)',
  'factory|proxy contract|faucet|wallet contract|registry|game contract',
];

interface Hit {
  start: number;
  end: number;
}

/**
 * Chooses the template that the prompt's nouns name: a telling noun (`ERC20`, `NFT`) before a loose one
 * (`token`), the first before later ones. When the main thing asked for is another kind of contract, none.
 *
 * @throws AppError `prompt-no-template` with the nearest templates
 */
export function pickTemplate(scan: Scan, templates: readonly Template[]): Template {
  const text = scan.unread();
  const strong = earliest(text, templates, (template) => template.nouns);
  const other = firstHit(text, otherKinds);
  if (other && (!strong || other.start < strong.hit.start || isHeadOf(text, strong.hit, other))) {
    throw noTemplate(scan, templates, `"${text.slice(other.start, other.end)}"`);
  }
  const chosen = strong ?? earliest(text, templates, (template) => template.looseNouns);
  if (!chosen) throw noTemplate(scan, templates, 'what the prompt asks for');
  return chosen.template;
}

function earliest(text: string, templates: readonly Template[], nouns: (template: Template) => string[]) {
  const hits = templates.flatMap((template) => {
    const hit = firstHit(text, nouns(template));
    return hit ? [{ template, hit }] : [];
  });
  // At the same place the longer noun says more: "non-fungible token" is not a fungible one.
  return hits.sort((left, right) => left.hit.start - right.hit.start || right.hit.end - left.hit.end)[0];
}

function firstHit(text: string, patterns: string[]): Hit | undefined {
  const hits = patterns.flatMap((pattern) => {
    const negated = '(?<!\\b(?:not|instead of|rather than|unlike)(?: an?| the)? )';
    const match = wholeWords(`${negated}(?:${pattern})`).exec(text);
    return match ? [{ start: match.index, end: match.index + match[0].length }] : [];
  });
  return hits.sort((left, right) => left.start - right.start || right.end - left.end)[0];
}

/** "NFT marketplace", "ERC20 token vesting contract": the noun only describes the other kind. */
function isHeadOf(text: string, noun: Hit, kind: Hit): boolean {
  return (
    kind.start >= noun.start &&
    /^[\s-]*(?:(?:tokens?|coins?|nfts?)\s+)?$/i.test(text.slice(noun.end, kind.start))
  );
}

function noTemplate(scan: Scan, templates: readonly Template[], what: string) {
  const nearest = nearestTemplates(scan.text, templates);
  return fail(
    'prompt-no-template',
    { what, nearest: nearest.map((template) => `${template.id} (${template.title})`).join(', ') },
    { place: { pointer: '/prompt' }, data: { nearest: nearest.map((template) => template.id) } },
  );
}

/** Templates by the words that they share with the prompt, typing errors included. */
function nearestTemplates(prompt: string, templates: readonly Template[]): Template[] {
  const words = [...new Set(prompt.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [])].slice(0, 200);
  const score = (template: Template) => {
    const known =
      `${template.id} ${template.title} ${template.description}`.toLowerCase().match(/[a-z0-9]{3,}/g) ?? [];
    return words.filter((word) => {
      const near = nearestWord(word, known);
      return near === word || (word.length > 4 && near.startsWith(word.slice(0, 4)));
    }).length;
  };
  return [...templates]
    .map((template) => ({ template, points: score(template) }))
    .sort((left, right) => right.points - left.points)
    .slice(0, 3)
    .map((one) => one.template);
}
