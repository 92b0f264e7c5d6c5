import { z } from 'zod';
import { groupDigits } from '../amounts.ts';
import { assumeAccess, assumeNames } from '../assumptions.ts';
import {
  addFunction,
  addParameter,
  addParent,
  constructorArguments,
  type Draft,
  startContract,
} from '../builder.ts';
import { addAccess, guard, whoMay } from '../features/access.ts';
import { addPausable } from '../features/pausable.ts';
import { type Access, accessKinds, nameText, symbolText, uriText } from '../option-schemas.ts';
import { printContract } from '../print-contract.ts';
import {
  accessPhrases,
  burnPhrases,
  mintPhrase,
  pausePhrases,
  refusedBurns,
} from '../prompt/shared-phrases.ts';
import { contractIdentifier, stringLiteral } from '../solidity-text.ts';
import type { Assumed, Bundle, Template, Vocabulary } from '../types.ts';

const root = '@openzeppelin/contracts/token/ERC721';
const extensions = `${root}/extensions`;
/** Tokens that fit into one deployment: about 150 000 gas each with enumeration, far below a block. */
const mintedAtDeploymentMax = 50;

const options = z
  .strictObject({
    name: nameText('Name of the collection, e.g. Cool Cats').default('MyCollection'),
    symbol: symbolText().default('MYC'),
    baseURI: uriText('Prefix of every token URI, e.g. ipfs://…/').default(''),
    mintable: z
      .boolean()
      .default(true)
      .describe(
        'Those in charge can mint, ids count from 0; otherwise maxSupply tokens are minted at deployment',
      ),
    burnable: z.boolean().default(false).describe('Holders can burn their tokens'),
    enumerable: z
      .boolean()
      .default(false)
      .describe('Tokens can be listed on chain; costs gas on every transfer'),
    uriStorage: z.boolean().default(false).describe('Each token is minted with its own URI'),
    pausable: z.boolean().default(false).describe('Those in charge can stop all movements of tokens'),
    maxSupply: z
      .number()
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('Most tokens that are ever minted, burned ones included'),
    access: z
      .enum(accessKinds)
      .optional()
      .describe('Who is in charge: nobody, one owner, or holders of roles'),
  })
  .superRefine((values, context) => {
    const refuse = (option: string, message: string) =>
      context.addIssue({ code: 'custom', path: [option], message, input: values });
    if (!values.mintable && (values.maxSupply === undefined || values.maxSupply > mintedAtDeploymentMax)) {
      refuse(
        'maxSupply',
        `Without minting all tokens are made at deployment: give 1 to ${mintedAtDeploymentMax}, or allow minting.`,
      );
    }
    if (!values.mintable && values.uriStorage) {
      refuse(
        'uriStorage',
        'A URI of its own is given when a token is minted: allow minting, or use baseURI.',
      );
    }
    if (values.access === 'none' && (values.mintable || values.pausable)) {
      refuse('access', 'Minting and pausing need somebody in charge: "ownable" or "roles".');
    }
  });

/** Options of the ERC-721 template, with defaults filled. */
export type Erc721Options = z.infer<typeof options>;

const vocabulary: Vocabulary = {
  phrases: [
    {
      pattern:
        '(?:(?:each|every) (?:token|nft)(?: (?:has|having|gets|with))? (?:its|an?) own (?:uri|url|metadata)(?: uri)?|(?:per[- ]token|individual|separate) (?:uris?|metadata)|(?:metadata|uri|uris) (?:storage )?per (?:token|nft)|(?:erc721)?uri[- ]?storage|metadata storage)',
      sets: { uriStorage: true },
      negated: { uriStorage: false },
      early: true,
    },
    {
      pattern:
        'base[- ]?(?:token[- ]?)?ur[il](?:\\s*(?:is|of|set to|to|:|=))*\\s*["“]?(?<uri>[a-z][a-z0-9+.-]*://[^\\s"”,;]*[^\\s"”,;.])["”]?',
      sets: (match) => ({ baseURI: match.groups?.['uri'] ?? '' }),
      early: true,
    },
    {
      pattern: '(?:enumerable|enumeration|erc721enumerable)',
      sets: { enumerable: true },
      negated: { enumerable: false },
    },
    { pattern: 'auto[- ]?increment(?:ing|ed|al)?(?: (?:token )?ids?)?', sets: { mintable: true } },
    ...accessPhrases,
    mintPhrase,
    { pattern: 'safe ?mint(?:ing)?', sets: { mintable: true }, negated: { mintable: false } },
    ...burnPhrases,
    ...pausePhrases,
  ],
  quantities: [
    {
      option: 'maxSupply',
      kind: 'integer',
      words: [
        '(?:(?:max|maximum|total|fixed|max total) )*supply',
        '(?:hard|supply) cap',
        'cap(?:ped)?',
        'limit(?:ed)?(?: to)?',
        'up to',
        'no more than',
        '(?:max|maximum)(?= [0-9])',
        'collection(?= of [0-9])',
      ],
    },
  ],
  counted: { words: ['nfts?', 'tokens?', 'items?', 'pieces?', 'collectibles?'], option: 'maxSupply' },
  refused: refusedBurns,
  fillers: ['supply', 'token', 'tokens', 'collection', 'id', 'ids'],
};

/** Non-fungible tokens (ERC-721) on OpenZeppelin Contracts 5. */
export const erc721: Template<Erc721Options> = {
  id: 'erc721',
  version: '1.0.0',
  title: 'ERC-721 collection',
  description:
    'A collection of non-fungible tokens (NFTs, collectibles) with ids that count up, optional burning, enumeration, own URIs, pausing and a maximum supply.',
  options,
  nouns: ['erc-?721', 'erc 721', 'nfts?', 'nft collection', 'non-?fungible tokens?', 'non fungible tokens?'],
  looseNouns: ['collectibles?', 'collectible tokens?'],
  vocabulary,
  assume,
  build,
};

function assume(given: Readonly<Record<string, unknown>>): Assumed[] {
  const assumed = assumeNames(given, { name: 'MyCollection', symbol: 'MYC' });
  if (given['mintable'] === undefined) {
    assumed.push({
      option: 'mintable',
      value: true,
      reason: 'A collection starts empty, so somebody must be able to mint.',
    });
  }
  const guarded = [
    ...(given['mintable'] === false ? [] : ['minting']),
    ...(given['pausable'] === true ? ['pausing'] : []),
  ];
  return [...assumed, ...assumeAccess(given, guarded)];
}

function build(values: Erc721Options): Bundle {
  const contract = contractIdentifier(values.name, 'Collection');
  const access = values.access ?? (values.mintable || values.pausable ? 'ownable' : 'none');
  const draft = startContract(contract, `ERC-721 collection ${contract}`, [
    `@notice Non-fungible tokens, ${values.mintable ? 'minted one by one by those in charge' : 'all minted at deployment'}.`,
    '@dev Token ids count from 0; a burned id is never minted again.',
  ]);
  addParent(draft, {
    name: 'ERC721',
    path: `${root}/ERC721.sol`,
    arguments: [stringLiteral(values.name), stringLiteral(values.symbol)],
  });
  addAccess(draft, access);
  addExtensions(draft, values);
  if (values.pausable) {
    addPausable(draft, { name: 'ERC721Pausable', path: `${extensions}/ERC721Pausable.sol` }, access);
  }
  if (values.baseURI !== '') addBaseUri(draft, values.baseURI);
  if (values.mintable) addMint(draft, values, access);
  else mintAtDeployment(draft, values.maxSupply ?? 0);
  addOverrides(draft, values, access);
  const file = `${contract}.sol`;
  return {
    sources: { [file]: printContract(draft) },
    entry: file,
    contract,
    constructorArguments: constructorArguments(draft),
  };
}

function addExtensions(draft: Draft, values: Erc721Options): void {
  const add = (wanted: boolean, name: string) => {
    if (wanted) addParent(draft, { name, path: `${extensions}/${name}.sol` });
  };
  add(values.enumerable, 'ERC721Enumerable');
  add(values.uriStorage, 'ERC721URIStorage');
  add(values.burnable, 'ERC721Burnable');
}

function addBaseUri(draft: Draft, uri: string): void {
  addFunction(draft, {
    name: '_baseURI',
    comment: ['@dev Prefix of every token URI.'],
    parameters: '',
    visibility: 'internal',
    mutability: 'pure',
    overrides: ['ERC721'],
    returns: 'string memory',
    body: [`return ${stringLiteral(uri)};`],
  });
}

function addMint(draft: Draft, values: Erc721Options, access: Access): void {
  const limit = values.maxSupply;
  if (limit !== undefined) {
    draft.state.push({
      comment: ['@notice Most tokens that are ever minted, burned ones included.'],
      code: `uint256 public constant MAX_SUPPLY = ${groupDigits(BigInt(limit))};`,
    });
    draft.errors.push({
      comment: ['@notice All tokens have been minted.'],
      code: 'error MaxSupplyReached();',
    });
  }
  const modifiers = guard(draft, access, 'MINTER', 'create tokens');
  draft.state.push({ comment: ['@dev Id of the next token.'], code: 'uint256 private _nextTokenId;' });
  addFunction(draft, {
    name: 'safeMint',
    comment: [
      `@notice Creates the next token. ${whoMay(access, 'MINTER')}`,
      '@param to Account that receives it; a contract must accept ERC-721 tokens.',
      ...(values.uriStorage ? ['@param uri URI of its metadata, appended to the base URI.'] : []),
      '@return tokenId Id of the new token.',
    ],
    parameters: `address to${values.uriStorage ? ', string calldata uri' : ''}`,
    visibility: 'external',
    modifiers,
    returns: 'uint256 tokenId',
    body: [
      'tokenId = _nextTokenId;',
      ...(limit === undefined ? [] : ['if (tokenId >= MAX_SUPPLY) revert MaxSupplyReached();']),
      '_nextTokenId = tokenId + 1;',
      ...(values.uriStorage ? ['_setTokenURI(tokenId, uri);'] : []),
      '_safeMint(to, tokenId);',
    ],
  });
}

function mintAtDeployment(draft: Draft, count: number): void {
  addParameter(draft, {
    name: 'recipient',
    type: 'address',
    meaning: 'Account that receives all tokens; not the zero address.',
  });
  draft.constructorBody.push(
    `for (uint256 tokenId = 0; tokenId < ${count}; ++tokenId) {`,
    '    _mint(recipient, tokenId);',
    '}',
  );
}

/** Functions that several bases define: Solidity wants the bases named and the call passed on. */
function addOverrides(draft: Draft, values: Erc721Options, access: Access): void {
  const only = (wanted: boolean, name: string) => (wanted ? [name] : []);
  const common = { passesOn: true, overrides: ['ERC721'] };
  addFunction(draft, {
    ...common,
    name: 'tokenURI',
    comment: ['@inheritdoc ERC721'],
    parameters: 'uint256 tokenId',
    visibility: 'public',
    mutability: 'view',
    returns: 'string memory',
    overrides: ['ERC721', ...only(values.uriStorage, 'ERC721URIStorage')],
    body: ['return super.tokenURI(tokenId);'],
  });
  addFunction(draft, {
    ...common,
    name: 'supportsInterface',
    comment: ['@inheritdoc ERC721'],
    parameters: 'bytes4 interfaceId',
    visibility: 'public',
    mutability: 'view',
    returns: 'bool',
    overrides: [
      'ERC721',
      ...only(access === 'roles', 'AccessControl'),
      ...only(values.enumerable, 'ERC721Enumerable'),
      ...only(values.uriStorage, 'ERC721URIStorage'),
    ],
    body: ['return super.supportsInterface(interfaceId);'],
  });
  addFunction(draft, {
    ...common,
    name: '_update',
    comment: ['@dev Every base that watches transfers, mints and burns is called in turn.'],
    parameters: 'address to, uint256 tokenId, address auth',
    visibility: 'internal',
    returns: 'address',
    overrides: [
      'ERC721',
      ...only(values.enumerable, 'ERC721Enumerable'),
      ...only(values.pausable, 'ERC721Pausable'),
    ],
    body: ['return super._update(to, tokenId, auth);'],
  });
  addFunction(draft, {
    ...common,
    name: '_increaseBalance',
    comment: ['@dev Batch mints keep the enumeration right.'],
    parameters: 'address account, uint128 value',
    visibility: 'internal',
    overrides: ['ERC721', ...only(values.enumerable, 'ERC721Enumerable')],
    body: ['super._increaseBalance(account, value);'],
  });
}
