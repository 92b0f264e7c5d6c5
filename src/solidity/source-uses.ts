import { tokenReader } from './tokens.ts';

/** A function, modifier, event or error as it is declared. */
export interface Shape {
  parameters: number;
  isVirtual: boolean;
  isPrivate: boolean;
}

/** A contract, interface or library, and what its bases' constructors are given. */
export interface ContractShape {
  kind: 'contract' | 'abstract' | 'interface' | 'library';
  constructorParameters: number;
  /** Base → number of arguments given in the header or at the constructor; undefined where none are. */
  bases: Map<string, number | undefined>;
}

/** What a source declares and uses by name, read without the compiler and without scopes. */
export interface SourceUses {
  /** Functions, modifiers, events and errors that do not say `override`. */
  declared: ReadonlyMap<string, readonly Shape[]>;
  /** Functions that say `override`. */
  overrides: ReadonlyMap<string, readonly Shape[]>;
  /** Contracts, interfaces, libraries, structs, enums and value types. */
  types: ReadonlySet<string>;
  contracts: ReadonlyMap<string, ContractShape>;
  /** What is called, emitted, thrown or applied as a modifier → the numbers of arguments; empty where that is open. */
  calls: ReadonlyMap<string, ReadonlySet<number>>;
  /** Every word. */
  words: ReadonlySet<string>;
}

/** A bracket that is open, and what its contents are. */
interface Bracket {
  holds: 'parameters' | 'constructor parameters' | 'base arguments' | 'arguments' | 'anything';
  name: string;
  commas: number;
  isEmpty: boolean;
  isNamed: boolean;
}

const callables = new Set(['function', 'modifier', 'event', 'error']);
const typeWords = new Set(['struct', 'enum', 'type']);

/**
 * Reads what a choice between versions of a library turns on. One pass with a stack of brackets: the time grows with the
 * length of the source, however deep it is nested.
 */
export function sourceUses(source: string): SourceUses {
  const declared = new Map<string, Shape[]>();
  const overrides = new Map<string, Shape[]>();
  const contracts = new Map<string, ContractShape>();
  const types = new Set<string>();
  const calls = new Map<string, Set<number>>();
  const words = new Set<string>();
  const open: Bracket[] = [];
  let contract: ContractShape | undefined;
  // What stands between a contract's name or a declaration's parameters and the brace or semicolon.
  let header: { of: 'contract' | 'constructor' | 'callable'; depth: number } | undefined;
  let callable: (Shape & { name: string; isOverride: boolean }) | undefined;
  // The three pieces before the one at hand.
  let [third, second, last] = ['', '', ''];

  const reader = tokenReader(source);
  for (reader.next(); reader.kind !== 'end'; reader.next()) {
    const piece = reader.kind === 'string' ? '""' : reader.text();
    if (reader.kind === 'word') readWord(piece);
    else if (reader.kind === 'mark') readMark(piece);
    const top = open.at(-1);
    if (top && piece !== ',' && !'([{'.includes(piece)) top.isEmpty = false;
    [third, second, last] = [second, last, piece];
  }
  return { declared, overrides, types, contracts, calls, words };

  function readWord(word: string): void {
    words.add(word);
    const inHeader = header?.depth === open.length ? header.of : undefined;
    if (last === 'contract' || last === 'interface' || last === 'library') {
      const kind = last === 'contract' && second === 'abstract' ? 'abstract' : last;
      contract = { kind, constructorParameters: 0, bases: new Map() };
      contracts.set(word, contract);
      types.add(word);
      header = { of: 'contract', depth: open.length };
    } else if (typeWords.has(last)) types.add(word);
    else if (last === 'modifier') declare(word, 0);
    else if (inHeader === 'contract' && word !== 'is') {
      // Of `Module.Base` the base is the last part.
      if (last === '.') contract?.bases.delete(second);
      contract?.bases.set(word, undefined);
    } else if (inHeader === 'callable' && callable) {
      if (word === 'virtual') callable.isVirtual = true;
      else if (word === 'private') callable.isPrivate = true;
      else if (word === 'override') callable.isOverride = true;
      else callsOf(word);
    } else if (last === '.') callsOf(word);
  }

  function readMark(mark: string): void {
    if (mark === '(' || mark === '[') open.push(bracket(mark));
    else if (mark === '{') {
      endHeader();
      const top = open.at(-1);
      if (top && last === '(') top.isNamed = true;
      open.push(empty('anything', ''));
    } else if (mark === ')' || mark === ']' || mark === '}') {
      const closed = open.pop();
      if (closed && mark === ')') close(closed);
    } else if (mark === ',') {
      const top = open.at(-1);
      if (top) top.commas++;
    } else if (mark === ';') endHeader();
  }

  function bracket(mark: string): Bracket {
    if (mark !== '(') return empty('anything', '');
    if (last === 'constructor') return empty('constructor parameters', '');
    if (callables.has(second) && isName(last)) return empty('parameters', last);
    if (!isName(last) || last === 'override' || last === 'returns') return empty('anything', '');
    const takesBases = header !== undefined && header.of !== 'callable' && header.depth === open.length;
    if (takesBases) return empty('base arguments', last);
    // A member may have its first argument bound by `using for`; what `super` has, has all of them.
    const isMember = second === '.' && third !== 'super';
    return empty(isMember ? 'anything' : 'arguments', last);
  }

  function close({ holds, name, commas, isEmpty, isNamed }: Bracket): void {
    const count = isEmpty ? 0 : commas + 1;
    if (holds === 'parameters') declare(name, count);
    else if (holds === 'constructor parameters') {
      if (contract) contract.constructorParameters = count;
      header = { of: 'constructor', depth: open.length };
    } else if (holds === 'base arguments') contract?.bases.set(name, isNamed ? undefined : count);
    else if (holds === 'arguments') {
      const arities = callsOf(name);
      if (!isNamed) arities.add(count);
    }
  }

  function declare(name: string, parameters: number): void {
    const isVirtual = contract?.kind === 'interface';
    callable = { name, parameters, isVirtual, isPrivate: false, isOverride: false };
    header = { of: 'callable', depth: open.length };
  }

  function endHeader(): void {
    if (callable) {
      const { name, isOverride, ...shape } = callable;
      add(isOverride ? overrides : declared, name, shape);
    }
    callable = undefined;
    header = undefined;
  }

  function callsOf(name: string): Set<number> {
    const held = calls.get(name) ?? new Set<number>();
    calls.set(name, held);
    return held;
  }
}

function empty(holds: Bracket['holds'], name: string): Bracket {
  return { holds, name, commas: 0, isEmpty: true, isNamed: false };
}

function add<Value>(map: Map<string, Value[]>, name: string, value: Value): void {
  const held = map.get(name);
  if (held) held.push(value);
  else map.set(name, [value]);
}

function isName(piece: string): boolean {
  return /^[A-Za-z_$]/.test(piece);
}
