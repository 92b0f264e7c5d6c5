import { z } from 'zod';
import { assumeNames } from '../assumptions.ts';
import { addFunction, constructorArguments, type Draft, startContract } from '../builder.ts';
import { addAccess, guard } from '../features/access.ts';
import { accessKinds, nameText } from '../option-schemas.ts';
import { printContract } from '../print-contract.ts';
import { accessPhrases } from '../prompt/shared-phrases.ts';
import { contractIdentifier } from '../solidity-text.ts';
import type { Assumed, Bundle, Template, Vocabulary } from '../types.ts';

const valueTypes = ['uint256', 'int256', 'bool', 'address', 'bytes32', 'string'] as const;
const keyTypes = ['address', 'uint256', 'bytes32', 'string'] as const;

const options = z.strictObject({
  name: nameText('Name of the contract').default('MyStorage'),
  kind: z.enum(['single', 'mapping']).default('single').describe('One value, or one value for each key'),
  keyType: z.enum(keyTypes).default('address').describe('Type of the keys; used when kind is mapping'),
  valueType: z.enum(valueTypes).default('uint256').describe('Type of the stored value'),
  access: z
    .enum(accessKinds)
    .default('ownable')
    .describe('Who may write: everybody, one owner, or holders of roles'),
});

/** Options of the storage template, with defaults filled. */
export type StorageOptions = z.infer<typeof options>;

/** How people call the types. `integer` alone is left out: it may be signed or not. */
const typeNames = '(?:uint256|uint|int256|bool|boolean|address|bytes32|string|number|text)';
const canonical: Record<string, string> = {
  uint: 'uint256',
  boolean: 'bool',
  number: 'uint256',
  text: 'string',
};
const canonicalType = (name = '') => canonical[name.toLowerCase()] ?? name.toLowerCase();

const vocabulary: Vocabulary = {
  phrases: [
    {
      pattern: `(?:(?:from|of|maps?|mapping) )?(?<key>${typeNames})(?:e?s)? ?(?:to|=>|->) ?(?:an? )?(?<value>${typeNames})(?:e?s)?`,
      sets: (match) => ({
        kind: 'mapping',
        keyType: canonicalType(match.groups?.['key']),
        valueType: canonicalType(match.groups?.['value']),
      }),
      early: true,
    },
    {
      pattern:
        '(?:(?:anyone|anybody|everyone|everybody) (?:can|may) (?:set|write|change|update|store|modify)(?: (?:it|the value|values|data))?|open access|(?:publicly )?writable by (?:anyone|everyone))',
      sets: { access: 'none' },
      early: true,
    },
    {
      pattern:
        '(?:anyone|anybody|everyone|everybody) (?:can|may) (?:read|get)(?: (?:it|the value|values|data))?',
      sets: {},
      early: true,
    },
    ...accessPhrases.filter(
      (phrase) => typeof phrase.sets !== 'function' && Object.keys(phrase.sets).length === 1,
    ),
    { pattern: '(?:mappings?|maps?|dictionary|key[- ]values?(?: pairs?)?)', sets: { kind: 'mapping' } },
    { pattern: '(?:single|one) (?=value)', sets: { kind: 'single' } },
    { pattern: '(?:strings?|texts?)', sets: { valueType: 'string' } },
    { pattern: '(?:booleans?|bool)', sets: { valueType: 'bool' } },
    { pattern: '(?:unsigned integers?|numbers?|uint256|uint)', sets: { valueType: 'uint256' } },
    { pattern: '(?:signed integers?|int256)', sets: { valueType: 'int256' } },
    { pattern: '(?:bytes32|hash|hashes)', sets: { valueType: 'bytes32' } },
    { pattern: 'address(?:es)?', sets: { valueType: 'address' } },
  ],
  quantities: [],
  refused: [],
  fillers:
    'store stores stored storing save saves saving set sets get gets read reads write writes update updates value values data events emit emits'.split(
      ' ',
    ),
};

/** A typed value, or a typed map, that can be written and read. */
export const storage: Template<StorageOptions> = {
  id: 'storage',
  version: '1.0.0',
  title: 'Storage',
  description:
    'Keeps one typed value or a typed key-value map, with events, written by everybody, an owner or holders of roles.',
  options,
  nouns: [
    '(?:simple ?)?storage',
    'storage contract',
    'key[- ]value (?:store|storage)',
    'key[- ]value',
    'data store',
  ],
  looseNouns: ['stores? (?:an? )?(?:value|number|string|text|data)'],
  vocabulary,
  assume,
  build,
};

function assume(given: Readonly<Record<string, unknown>>): Assumed[] {
  const assumed = assumeNames({ ...given, symbol: '' }, { name: 'MyStorage', symbol: '' });
  const add = (option: string, value: unknown, reason: string) => {
    if (given[option] === undefined) assumed.push({ option, value, reason });
  };
  const hasKeys =
    given['kind'] === 'mapping' || (given['kind'] === undefined && given['keyType'] !== undefined);
  add(
    'kind',
    hasKeys ? 'mapping' : 'single',
    hasKeys ? 'A key type was given.' : 'The simplest kind: one value.',
  );
  if (hasKeys) add('keyType', 'address', 'No key type was given.');
  add('valueType', 'uint256', 'No type of the value was given.');
  add('access', 'ownable', 'Only the owner writes, so that nobody else can overwrite the value.');
  return assumed;
}

function build(values: StorageOptions): Bundle {
  const contract = contractIdentifier(values.name, 'Storage');
  const keyed = values.kind === 'mapping';
  const draft = startContract(contract, `Storage ${contract}`, [
    keyed
      ? `@notice Keeps a ${values.valueType} for each ${values.keyType} key.`
      : `@notice Keeps one ${values.valueType}.`,
  ]);
  addAccess(draft, values.access);
  const modifiers = guard(draft, values.access, 'WRITER', 'change values');
  if (keyed) addMap(draft, values, modifiers);
  else addValue(draft, values, modifiers);
  const file = `${contract}.sol`;
  return {
    sources: { [file]: printContract(draft) },
    entry: file,
    contract,
    constructorArguments: constructorArguments(draft),
  };
}

function addValue(draft: Draft, { valueType }: StorageOptions, modifiers: string[]): void {
  draft.state.push({ comment: ['@dev The value.'], code: `${valueType} private _value;` });
  draft.events.push({
    comment: [
      '@notice The value was changed.',
      '@param by Account that changed it.',
      '@param value The new value.',
    ],
    code: `event ValueChanged(address indexed by, ${valueType} value);`,
  });
  addFunction(draft, {
    name: 'set',
    comment: ['@notice Changes the value.', '@param newValue The value to keep from now on.'],
    parameters: `${inCalldata(valueType)} newValue`,
    visibility: 'external',
    modifiers,
    body: ['_value = newValue;', 'emit ValueChanged(msg.sender, newValue);'],
  });
  addFunction(draft, {
    name: 'get',
    comment: ['@notice Reads the value.', '@return The value kept now.'],
    parameters: '',
    visibility: 'external',
    mutability: 'view',
    returns: inMemory(valueType),
    body: ['return _value;'],
  });
}

function addMap(draft: Draft, { keyType, valueType }: StorageOptions, modifiers: string[]): void {
  // An indexed string would be stored as its hash only; watchers want to read the key.
  const indexed = keyType === 'string' ? keyType : `${keyType} indexed`;
  draft.state.push({
    comment: ['@dev The values by key.'],
    code: `mapping(${keyType} key => ${valueType} value) private _values;`,
  });
  draft.events.push(
    {
      comment: [
        '@notice The value of a key was changed.',
        '@param by Account that changed it.',
        '@param key The key.',
        '@param value The new value.',
      ],
      code: `event ValueChanged(address indexed by, ${indexed} key, ${valueType} value);`,
    },
    {
      comment: [
        '@notice The value of a key was removed.',
        '@param by Account that removed it.',
        '@param key The key.',
      ],
      code: `event ValueRemoved(address indexed by, ${indexed} key);`,
    },
  );
  addFunction(draft, {
    name: 'set',
    comment: [
      '@notice Changes the value of a key.',
      '@param key The key.',
      '@param newValue The value to keep.',
    ],
    parameters: `${inCalldata(keyType)} key, ${inCalldata(valueType)} newValue`,
    visibility: 'external',
    modifiers,
    body: ['_values[key] = newValue;', 'emit ValueChanged(msg.sender, key, newValue);'],
  });
  addFunction(draft, {
    name: 'remove',
    comment: ['@notice Forgets the value of a key.', '@param key The key.'],
    parameters: `${inCalldata(keyType)} key`,
    visibility: 'external',
    modifiers,
    body: ['delete _values[key];', 'emit ValueRemoved(msg.sender, key);'],
  });
  addFunction(draft, {
    name: 'get',
    comment: [
      '@notice Reads the value of a key.',
      '@param key The key.',
      '@return The value; zero or empty when none was set.',
    ],
    parameters: `${inCalldata(keyType)} key`,
    visibility: 'external',
    mutability: 'view',
    returns: inMemory(valueType),
    body: ['return _values[key];'],
  });
}

function inCalldata(type: string): string {
  return type === 'string' ? 'string calldata' : type;
}

function inMemory(type: string): string {
  return type === 'string' ? 'string memory' : type;
}
