import type { AbiParameter } from '../solidity/types.ts';

/** A base contract: `name` from `path`, with the constructor arguments it is given. */
export interface Parent {
  name: string;
  path: string;
  arguments?: string[];
}

/** A function of the contract in the making. */
export interface ContractFunction {
  name: string;
  /** NatSpec lines without the slashes. */
  comment: string[];
  parameters: string;
  visibility: 'external' | 'public' | 'internal';
  mutability?: 'view' | 'pure';
  modifiers?: string[];
  returns?: string;
  body: string[];
  /** Bases whose function of this name it overrides. */
  overrides?: string[];
  /** Only passes on to `super`: printed when at least two bases make it necessary. */
  passesOn?: boolean;
}

/** A constant, state variable, event or error with its NatSpec lines. */
export interface Declaration {
  comment: string[];
  code: string;
}

/** A constructor parameter with its meaning. */
export interface ConstructorParameter {
  name: string;
  type: string;
  meaning: string;
  value?: unknown;
}

/** A contract in the making. Features add to it, `printContract` writes it down. */
export interface Draft {
  name: string;
  title: string;
  notice: string[];
  parents: Parent[];
  /** Names that are mentioned without being direct bases. */
  imports: { name: string; path: string }[];
  state: Declaration[];
  events: Declaration[];
  errors: Declaration[];
  parameters: ConstructorParameter[];
  constructorBody: string[];
  functions: ContractFunction[];
}

/** @returns an empty contract. `title` and `notice` are NatSpec, so they must not hold a user's text. */
export function startContract(name: string, title: string, notice: string[]): Draft {
  return {
    name,
    title,
    notice,
    parents: [],
    imports: [],
    state: [],
    events: [],
    errors: [],
    parameters: [],
    constructorBody: [],
    functions: [],
  };
}

/** Adds a base contract once; bases keep the order in which they were added (most basic first). */
export function addParent(draft: Draft, parent: Parent): void {
  if (!draft.parents.some((known) => known.name === parent.name)) draft.parents.push(parent);
}

/** Adds a constructor parameter once. */
export function addParameter(draft: Draft, parameter: ConstructorParameter): void {
  if (!draft.parameters.some((known) => known.name === parameter.name)) draft.parameters.push(parameter);
}

/** Adds a function, or joins its override list to the one of the same name that is there. */
export function addFunction(draft: Draft, added: ContractFunction): void {
  const known = draft.functions.find((one) => one.name === added.name);
  if (!known) {
    draft.functions.push({ ...added, overrides: [...(added.overrides ?? [])] });
    return;
  }
  known.overrides = [...new Set([...(known.overrides ?? []), ...(added.overrides ?? [])])];
}

/** @returns the constructor parameters as the ABI and the pipeline see them. */
export function constructorArguments(
  draft: Draft,
): { parameter: AbiParameter; meaning: string; value?: unknown }[] {
  return draft.parameters.map(({ name, type, meaning, value }) => ({
    parameter: { name, type: type.split(' ')[0] ?? type, internalType: type.split(' ')[0] ?? type },
    meaning,
    ...(value === undefined ? {} : { value }),
  }));
}
