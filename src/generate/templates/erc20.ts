import { z } from 'zod';
import { toUnits, unitsExpression } from '../amounts.ts';
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
import { accessKinds, amount, nameText, symbolText } from '../option-schemas.ts';
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

const root = '@openzeppelin/contracts/token/ERC20';
const extensions = `${root}/extensions`;
const uint256Max = 2n ** 256n - 1n;
/** ERC20Votes keeps balances in checkpoints of 208 bits. */
const votesMax = 2n ** 208n - 1n;

const options = z
  .strictObject({
    name: nameText('Name of the token, e.g. GameCoin').default('MyToken'),
    symbol: symbolText().default('MTK'),
    decimals: z
      .int({ abort: true })
      .min(0, { abort: true })
      .max(255, { abort: true })
      .default(18)
      .describe('Digits after the point that one token has'),
    initialSupply: amount('Whole tokens minted at deployment to the recipient').default('1000000'),
    mintable: z.boolean().default(false).describe('Those in charge can mint more tokens later'),
    burnable: z.boolean().default(false).describe('Holders can burn their tokens'),
    pausable: z.boolean().default(false).describe('Those in charge can stop all movements of tokens'),
    permit: z.boolean().default(false).describe('Approvals by signature, without gas (ERC-2612)'),
    votes: z
      .boolean()
      .default(false)
      .describe('Keeps voting power and its history for governance (ERC-5805)'),
    flashMint: z
      .boolean()
      .default(false)
      .describe('Flash loans of new tokens within a transaction (ERC-3156)'),
    cap: amount('Most whole tokens that may ever exist at a time').optional(),
    access: z
      .enum(accessKinds)
      .optional()
      .describe('Who is in charge: nobody, one owner, or holders of roles'),
  })
  .superRefine((values, context) => {
    const refuse = (option: string, message: string) =>
      context.addIssue({ code: 'custom', path: [option], message, input: values });
    const supply = toUnits(values.initialSupply, values.decimals);
    const cap = values.cap === undefined ? undefined : toUnits(values.cap, values.decimals);
    const max = values.votes ? votesMax : uint256Max;
    const tooLarge = `With ${values.decimals} decimals this does not fit into ${values.votes ? 'the 208 bits that votes have' : 'a uint256'}.`;
    if (supply === undefined)
      refuse('initialSupply', `It has more than ${values.decimals} digits after the point.`);
    else if (supply > max) refuse('initialSupply', tooLarge);
    else if (supply === 0n && !values.mintable) {
      refuse('initialSupply', 'Without minting a token needs an initial supply: nobody could ever hold one.');
    }
    if (values.cap !== undefined) {
      if (cap === undefined) refuse('cap', `It has more than ${values.decimals} digits after the point.`);
      else if (cap === 0n) refuse('cap', 'A cap of zero forbids every token.');
      else if (cap > max) refuse('cap', tooLarge);
      else if (supply !== undefined && supply > cap) {
        refuse('cap', `The cap ${values.cap} is below the initial supply ${values.initialSupply}.`);
      }
    }
    if (values.access === 'none' && (values.mintable || values.pausable)) {
      refuse('access', 'Minting and pausing need somebody in charge: "ownable" or "roles".');
    }
  });

/** Options of the ERC-20 template, with defaults filled. */
export type Erc20Options = z.infer<typeof options>;

const vocabulary: Vocabulary = {
  phrases: [
    { pattern: '(?:no|zero|without) decimals?(?: places)?|indivisible', sets: { decimals: 0 }, early: true },
    { pattern: '(?:no|without|zero)(?: an?)? initial supply', sets: { initialSupply: '0' }, early: true },
    { pattern: '(?:no|without)(?: an?)?(?: supply)? cap', sets: {}, early: true },
    { pattern: 'fixed(?=(?<tail>[- ](?:total |initial )?supply))', sets: { mintable: false } },
    { pattern: '(?:after|following|post)[- ](?:the )?(?:deployment|launch|deploy)', sets: {}, early: true },
    {
      pattern:
        '(?:gas[- ]?less approvals?|(?:eip|erc)[- ]?2612(?: permits?)?|erc20permit|permits?|(?:approvals? by|signed) signatures?)',
      sets: { permit: true },
      negated: { permit: false },
    },
    {
      pattern: '(?:flash[- ]?mint(?:ing|able|s)?|flash[- ]?loans?|erc[- ]?3156)',
      sets: { flashMint: true },
      negated: { flashMint: false },
    },
    {
      pattern: '(?:erc20votes|votes|voting(?: power| rights| support)?|governance(?= (?:token|coin)))',
      sets: { votes: true },
      negated: { votes: false },
    },
    ...accessPhrases,
    mintPhrase,
    ...burnPhrases,
    ...pausePhrases,
  ],
  quantities: [
    {
      option: 'cap',
      kind: 'amount',
      words: [
        '(?:hard|supply) cap',
        'cap(?:ped)?',
        '(?:max|maximum|maximal)(?: total)?(?: token)? supply',
        '(?:max|maximum|maximal)(?= [0-9])',
        'supply (?:limit|limited)',
        'up to',
        'no more than',
      ],
    },
    { option: 'decimals', kind: 'integer', words: ['decimals?(?: places| digits)?'] },
    {
      option: 'initialSupply',
      kind: 'amount',
      words: ['(?:(?:initial|total|starting|token) )*supply', 'pre-?mint(?:ed)?', 'initially'],
    },
  ],
  counted: { words: ['tokens?', 'coins?'], option: 'initialSupply' },
  refused: [
    ...refusedBurns,
    {
      pattern: 'initial (?:holders|distribution)',
      hint: 'The whole initial supply goes to one recipient; send tokens on from there.',
    },
  ],
  fillers: ['supply', 'approval', 'approvals'],
};

/** Fungible token (ERC-20) on OpenZeppelin Contracts 5. */
export const erc20: Template<Erc20Options> = {
  id: 'erc20',
  version: '1.0.0',
  title: 'ERC-20 token',
  description:
    'A fungible token (coin, currency, points) with optional minting, burning, pausing, permit, votes, flash mint and cap.',
  options,
  nouns: ['erc-?20', 'erc 20', 'fungible token', 'fungible tokens', 'bep-?20'],
  looseNouns: ['tokens?', 'coins?', 'meme ?coins?', 'crypto ?currency', 'cryptocurrencies', 'currency'],
  vocabulary,
  assume,
  build,
};

function assume(given: Readonly<Record<string, unknown>>): Assumed[] {
  const assumed = assumeNames(given, { name: 'MyToken', symbol: 'MTK' });
  const add = (option: string, value: unknown, reason: string) => assumed.push({ option, value, reason });
  if (given['decimals'] === undefined) add('decimals', 18, 'The usual number of decimals.');
  const mintsByCap = given['cap'] !== undefined && given['mintable'] === undefined;
  if (mintsByCap) add('mintable', true, 'A cap has a meaning only when tokens can be minted later.');
  const mintable = given['mintable'] === true || mintsByCap;
  if (given['initialSupply'] === undefined) {
    if (mintable) add('initialSupply', '0', 'No supply was given, and tokens can be minted later.');
    else
      add(
        'initialSupply',
        supplyWithin(given['cap']),
        'No supply was given, and tokens cannot be minted later.',
      );
  }
  const guarded = [...(mintable ? ['minting'] : []), ...(given['pausable'] === true ? ['pausing'] : [])];
  return [...assumed, ...assumeAccess(given, guarded)];
}

/** A million tokens, or the cap where that is less. */
function supplyWithin(cap: unknown): string {
  const million = '1000000';
  return cap !== undefined && Number(cap) < Number(million) ? String(cap) : million;
}

function build(values: Erc20Options): Bundle {
  const contract = contractIdentifier(values.name, 'Token');
  const access = values.access ?? (values.mintable || values.pausable ? 'ownable' : 'none');
  const draft = startContract(contract, `ERC-20 token ${contract}`, notice(values));
  addParent(draft, {
    name: 'ERC20',
    path: `${root}/ERC20.sol`,
    arguments: [stringLiteral(values.name), stringLiteral(values.symbol)],
  });
  addAccess(draft, access);
  addExtensions(draft, values);
  if (values.decimals !== 18) addDecimals(draft, values.decimals);
  if (values.mintable) addMint(draft, access);
  if (values.pausable) {
    addPausable(draft, { name: 'ERC20Pausable', path: `${extensions}/ERC20Pausable.sol` }, access);
  }
  addUpdate(draft, values);
  if (values.flashMint) addFlashMint(draft, values);
  addSupply(draft, values);
  const file = `${contract}.sol`;
  return {
    sources: { [file]: printContract(draft) },
    entry: file,
    contract,
    constructorArguments: constructorArguments(draft),
  };
}

function notice(values: Erc20Options): string[] {
  const kinds = [
    ...(values.mintable ? ['mintable'] : ['minted once at deployment']),
    ...(values.cap === undefined ? [] : ['capped']),
    ...(values.burnable ? ['burnable by holders'] : []),
    ...(values.pausable ? ['pausable'] : []),
  ];
  return [`@notice Fungible token, ${kinds.join(', ')}.`];
}

function addExtensions(draft: Draft, values: Erc20Options): void {
  if (values.burnable) addParent(draft, { name: 'ERC20Burnable', path: `${extensions}/ERC20Burnable.sol` });
  if (values.cap !== undefined) {
    addParent(draft, {
      name: 'ERC20Capped',
      path: `${extensions}/ERC20Capped.sol`,
      arguments: [unitsExpression(values.cap, values.decimals)],
    });
  }
  if (values.permit) {
    addParent(draft, {
      name: 'ERC20Permit',
      path: `${extensions}/ERC20Permit.sol`,
      arguments: [stringLiteral(values.name)],
    });
  } else if (values.votes) {
    addParent(draft, {
      name: 'EIP712',
      path: '@openzeppelin/contracts/utils/cryptography/EIP712.sol',
      arguments: [stringLiteral(values.name), '"1"'],
    });
  }
  if (values.votes) {
    addParent(draft, { name: 'ERC20Votes', path: `${extensions}/ERC20Votes.sol` });
    if (values.permit) addNonces(draft);
  }
}

function addDecimals(draft: Draft, decimals: number): void {
  addFunction(draft, {
    name: 'decimals',
    comment: [`@notice One token has ${decimals} digits after the point.`],
    parameters: '',
    visibility: 'public',
    mutability: 'pure',
    overrides: ['ERC20'],
    returns: 'uint8',
    body: [`return ${decimals};`],
  });
}

function addMint(draft: Draft, access: NonNullable<Erc20Options['access']>): void {
  addFunction(draft, {
    name: 'mint',
    comment: [
      `@notice Creates new tokens. ${whoMay(access, 'MINTER')}`,
      '@param to Account that receives the tokens.',
      '@param amount Number of tokens in their smallest unit.',
    ],
    parameters: 'address to, uint256 amount',
    visibility: 'external',
    modifiers: guard(draft, access, 'MINTER', 'create tokens'),
    body: ['_mint(to, amount);'],
  });
}

function addNonces(draft: Draft): void {
  draft.imports.push({ name: 'Nonces', path: '@openzeppelin/contracts/utils/Nonces.sol' });
  addFunction(draft, {
    name: 'nonces',
    comment: ['@inheritdoc ERC20Permit'],
    parameters: 'address owner_',
    visibility: 'public',
    mutability: 'view',
    overrides: ['ERC20Permit', 'Nonces'],
    returns: 'uint256',
    body: ['return super.nonces(owner_);'],
  });
}

/** Every movement of tokens passes through `_update`; where several bases extend it, Solidity wants them named. */
function addUpdate(draft: Draft, values: Erc20Options): void {
  addFunction(draft, {
    name: '_update',
    comment: ['@dev Every base that watches transfers, mints and burns is called in turn.'],
    parameters: 'address from, address to, uint256 value',
    visibility: 'internal',
    overrides: [
      'ERC20',
      ...(values.cap === undefined ? [] : ['ERC20Capped']),
      ...(values.votes ? ['ERC20Votes'] : []),
      ...(values.pausable ? ['ERC20Pausable'] : []),
    ],
    passesOn: true,
    body: ['super._update(from, to, value);'],
  });
}

/** OpenZeppelin's flash mint knows neither cap nor pause; a lender must not offer what it cannot lend (ERC-3156). */
function addFlashMint(draft: Draft, values: Erc20Options): void {
  addParent(draft, { name: 'ERC20FlashMint', path: `${extensions}/ERC20FlashMint.sol` });
  const limit = values.cap !== undefined ? 'cap()' : values.votes ? '_maxSupply()' : undefined;
  if (!limit && !values.pausable) return;
  const other = `token != address(this)${values.pausable ? ' || paused()' : ''}`;
  addFunction(draft, {
    name: 'maxFlashLoan',
    comment: ['@inheritdoc ERC20FlashMint'],
    parameters: 'address token',
    visibility: 'public',
    mutability: 'view',
    overrides: ['ERC20FlashMint'],
    returns: 'uint256',
    body: [
      `if (${other}) return 0;`,
      limit ? `return ${limit} - totalSupply();` : 'return super.maxFlashLoan(token);',
    ],
  });
}

function addSupply(draft: Draft, values: Erc20Options): void {
  if (toUnits(values.initialSupply, values.decimals) === 0n) return;
  addParameter(draft, {
    name: 'recipient',
    type: 'address',
    meaning: 'Account that receives the whole initial supply; not the zero address.',
  });
  draft.constructorBody.push(`_mint(recipient, ${unitsExpression(values.initialSupply, values.decimals)});`);
}
