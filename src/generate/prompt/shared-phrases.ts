import type { Phrase } from '../types.ts';

/** Ways to say who is in charge; the same for every template with an `access` option. */
export const accessPhrases: Phrase[] = [
  { pattern: 'minter[ _-]role(?: can)?', sets: { access: 'roles', mintable: true } },
  { pattern: 'pauser[ _-]role(?: can)?', sets: { access: 'roles', pausable: true } },
  {
    pattern:
      '(?:role[- ]based access(?: control)?|access[- ]?control(?:led)?(?: by| with)?(?: roles)?|roles?(?: based)?)',
    sets: { access: 'roles' },
    negated: { access: 'none' },
  },
  {
    pattern:
      '(?:only[- ]?owner|ownable|owned|(?:only )?(?:(?:by|for|to) )?(?:only )?(?:the |an |its |a )?(?:contract )?owner(?: only)?(?: (?:can|may|is able to|is allowed to))?)',
    sets: { access: 'ownable' },
    negated: { access: 'none' },
  },
];

/** `mintable`, `minting`, … */
export const mintPhrase: Phrase = {
  pattern: '(?:mintable|minting|minted|mints?)',
  sets: { mintable: true },
  negated: { mintable: false },
};

/** Holders destroy their own tokens; "by holders" is what the extension does, so it may be said. */
export const burnPhrases: Phrase[] = [
  {
    pattern:
      '(?:(?:token )?(?:holders|owners|users|people|anyone|everyone)(?: of tokens)? (?:can|may) (?:burn|destroy)(?: (?:their|his|her)(?: own)?(?: (?:tokens?|coins?|nfts?))?)?)',
    sets: { burnable: true },
    early: true,
  },
  {
    pattern: '(?:burnable|burned|burnt) by (?:its |their |the |all )?(?:token )?holders',
    sets: { burnable: true },
    negated: { burnable: false },
    early: true,
  },
  {
    pattern: '(?:burnable|burning|burned|burnt|burns?)',
    sets: { burnable: true },
    negated: { burnable: false },
  },
];

/** `pausable`, `pausing of transfers`, … */
export const pausePhrases: Phrase[] = [
  {
    pattern:
      '(?:(?:pausable|pausing|pauses?)(?: and unpause)?(?: of)?(?: all)?(?: token)? transfers?|transfers? (?:can|may) be paused)',
    sets: { pausable: true },
    negated: { pausable: false },
    early: true,
  },
  {
    pattern: '(?:pausable|pauseable|pausing|paused|pauses?|unpause)',
    sets: { pausable: true },
    negated: { pausable: false },
  },
];

/** Clauses about burning that OpenZeppelin's burnable extensions do not do. */
export const refusedBurns = [
  {
    pattern:
      '(?:(?:only )?(?:the )?owner (?:can|may) (?:(?:mint|pause)(?:,? and |,? or |, ))*(?:burn|destroy)|burn(?:able|ed|ing)? (?:only )?by (?:only )?(?:the )?owner)',
    hint: 'Here burning belongs to the holders of tokens; an owner who burns needs a function of your own.',
  },
];
