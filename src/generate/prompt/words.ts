/** Words without meaning for the result, at the edges of what is left over. */
export const fillers = new Set(
  (
    'a an the this that these those my our your its it i we you me us he she they them their his her own ' +
    'is are be been being was should shall must will would could can may might has have having had do does did ' +
    'of for to in by as at from into so then there here up out ' +
    'and or nor also plus but with which where who whose while both all too well etc ' +
    'create creates looking look make makes build builds generate generates write deploy deploys give get let lets produce ' +
    'develop implement design code want wants need needs like please thanks thank hello hi hey kindly just ' +
    'new simple basic standard typical plain normal regular classic custom ordinary complete full small ' +
    'smart contract contracts solidity openzeppelin erc eip ' +
    'functionality functionalities function functions feature features featured support supports supported supporting ' +
    'ability abilities capability capabilities mechanism option options enabled enable enables allow allows allowed allowing ' +
    'include includes including included add adds adding added use uses using used based able possible ' +
    "i'd i'll i'm i've we'd it's let's that's what's called named name titled symbol ticker no not some any one"
  ).split(' '),
);

/** Fillers that change the meaning of the words after them, so they are kept in a report. */
export const meaningful = new Set('no not some any own'.split(' '));

/** Words that turn a clause into a condition or a rule of its own, which no template can honour. */
export const conditionPattern =
  '(?:every|each|per|until|after|before|unless|when|whenever|if|once|while|automatic(?:ally)?|auto|price[ds]?|costs?|fees?|tax(?:es|ed)?|eth|ether|wei|usd|usdc|dollars?|free|paid|payable|pay|whitelist(?:ed|ing)?|allow-?list(?:ed|ing)?|blacklist(?:ed|ing)?|block-?list(?:ed|ing)?|anyone|anybody|everyone|everybody|users?|people|public(?:ly)?|community|admins?|administrators?|deployer|creator|team|daily|weekly|monthly|yearly|annual(?:ly)?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|twice|lazy|random(?:ly)?|about|approximately|around|roughly|maybe|perhaps|possibly|optional(?:ly)?|unlimited|infinite|uncapped|wallets?|accounts?|transfers?|transactions?|tokenomics|percent|lock(?:ed|ing)?)';

/** Hints for what people often ask for and no template of this kind can do. The first that fits is taken. */
export const hints: [RegExp, string][] = [
  [/0x[0-9a-f]|\.eth\b/i, 'Addresses are constructor arguments: give them when you deploy.'],
  [/stak|reward|yield|apy|farm/i, 'Staking and rewards are contracts of their own beside the token.'],
  [
    /tax|fee|reflect|redistribut/i,
    'Fees on transfers are not offered; they break many exchanges and vaults.',
  ],
  [/whale|max(?:imum)? wallet|per wallet/i, 'Limits per account are not offered; they are easy to evade.'],
  [/upgrad|proxy|uups|diamond/i, 'Generated contracts are not upgradeable; deploy a new version instead.'],
  [
    /black-?list|block-?list|white-?list|allow-?list|freez|kyc/i,
    'Lists of accounts are not offered by this template.',
  ],
  [/air-?drop|merkle/i, 'An airdrop is a contract of its own, or a series of transfers after deployment.'],
  [/vest|cliff|lock/i, 'Vesting is a contract of its own that holds the tokens.'],
  [/liquidity|uniswap|pancake|dex|swap/i, 'Liquidity is provided to an exchange after deployment.'],
  [/royalt|2981/i, 'Royalties (ERC-2981) are not an option of this template yet.'],
  [
    /soul-?bound|non-?transferable|5192/i,
    'Tokens that cannot be transferred are not an option of this template.',
  ],
  [
    /price|eth\b|ether|sale|sell|buy|paid|pay|cost/i,
    'Selling is not an option; mint to buyers, or use a sale contract.',
  ],
  [
    /ethereum|polygon|arbitrum|optimism|\bbase\b|\bbsc\b|binance|avalanche|sepolia|goerli|mainnet|testnet|solana|chain|network/i,
    'The network is chosen when the contract is deployed.',
  ],
  [/random|reveal|lottery/i, 'Randomness and reveals are not offered by this template.'],
  [
    /anyone|anybody|everyone|everybody|public|users|people/i,
    'Minting and pausing are for an owner or roles only.',
  ],
  [/admin|deployer|creator/i, 'Say "owner" for one account in charge, or "roles" for several.'],
  [
    /\berc-?(?:20|721)\b|\bnfts?\b|non-?fungible/i,
    'One contract is generated at a time; ask for this one separately.',
  ],
  [/%|percent/i, 'Shares and percentages are not options of this template.'],
  [/unlimited|infinite|uncapped/i, 'Say "mintable" and give no cap.'],
];

/** Orders to move tokens, which are not options of any template. */
export const refusedEverywhere = [
  {
    pattern:
      '(?:mint|burn|send|give|transfer|reserve|allocate|distribute)(?:s|ing|ed)? (?:the )?(?:first |initial )?[0-9][^,;\\n]*',
    hint: 'Say "supply of 10M" for tokens made at deployment; everything else is done after it.',
  },
];
