/** A variable in storage, as the compiler's `storageLayout` output says it (Solidity docs, "Layout of State Variables"). */
export interface StorageEntry {
  astId: number;
  /** `file:Contract` that declares it. */
  contract: string;
  label: string;
  /** Bytes from the start of the slot. */
  offset: number;
  /** Decimal string. */
  slot: string;
  type: string;
}

export interface StorageType {
  encoding: 'inplace' | 'mapping' | 'dynamic_array' | 'bytes';
  label: string;
  numberOfBytes: string;
  /** Of an array's elements. */
  base?: string;
  /** Of a mapping. */
  key?: string;
  value?: string;
  /** Of a struct. */
  members?: StorageEntry[];
}

/** Null types where a contract has no variables. */
export interface StorageLayout {
  storage: StorageEntry[];
  types: Record<string, StorageType> | null;
}

/** All of a contract's storage that upgrades have to respect. */
export interface ContractStorage {
  main: StorageLayout;
  /** Namespaces (ERC-7201) by their formula and id, `erc7201:example.main`: one entry, the struct that stands there. */
  namespaces: Record<string, StorageLayout>;
  /** Members of enums by AST id, in their order. */
  enums: Record<number, string[]>;
  /** What a variable was called before, by AST id, where its comment says so (`@custom:oz-renamed-from`). */
  renamed: Record<number, string>;
}

/** Why a layout is not the continuation of another one. */
export interface LayoutProblem {
  code:
    | 'storage-deleted'
    | 'storage-moved'
    | 'storage-renamed'
    | 'storage-type-changed'
    | 'namespace-deleted';
  message: string;
  hint: string;
  /** Of the variable in the new layout, where there is one. */
  astId?: number;
}

/**
 * Compares the storage of a contract with that of the one that is to take its place behind a proxy: what was written by the
 * one has to be found by the other. New variables may follow the old ones, use up a gap (`__gap`), or have a namespace of their
 * own.
 *
 * @returns everything that is wrong, in the order of the old layout
 */
export function compareStorage(before: ContractStorage, after: ContractStorage): LayoutProblem[] {
  const sides: Sides = { before, after, open: new Set() };
  const problems = compareEntries({ ...sides, old: before.main, now: after.main, path: '' });
  for (const [id, old] of Object.entries(before.namespaces)) {
    const now = after.namespaces[id];
    if (now) problems.push(...compareEntries({ ...sides, old, now, path: `${id}: `, growing: true }));
    else {
      problems.push({
        code: 'namespace-deleted',
        message: `The namespace ${id} is gone, and with it what is stored there.`,
        hint: 'Keep the struct with its annotation, or the contract that it came from among the parents.',
      });
    }
  }
  return problems;
}

interface Sides {
  before: ContractStorage;
  after: ContractStorage;
  /** Pairs of structs that are being compared further up: a struct can contain itself by way of a mapping or list. */
  open: ReadonlySet<string>;
}

interface Entries extends Sides {
  old: StorageLayout;
  now: StorageLayout;
  /** What stands before a name in a message. */
  path: string;
  /** Whether types at this level may grow at their end: nothing stands behind them. */
  growing?: boolean;
}

function compareEntries({ old, now, path, growing = false, ...sides }: Entries): LayoutProblem[] {
  const problems: LayoutProblem[] = [];
  const last = old.storage.at(-1);
  for (const entry of old.storage) {
    const problem = compareEntry(entry);
    if (problem) problems.push(problem);
  }
  return problems;

  function compareEntry(entry: StorageEntry): LayoutProblem | null {
    // What follows a gap is looked at in its own place, so that new variables may stand in it.
    if (isGap(entry)) return null;
    const name = `${path}${entry.label}`;
    const here = now.storage.find(({ slot, offset }) => slot === entry.slot && offset === entry.offset);
    if (!here || !isSame(entry, here)) return misplaced(entry, name, here);
    const types = { old: old.types ?? {}, now: now.types ?? {} };
    const change = compareTypes(entry.type, here.type, {
      ...sides,
      ...types,
      growing: growing || entry === last,
    });
    if (change === null) return null;
    return {
      code: 'storage-type-changed',
      astId: here.astId,
      message: `${name} ${change}.`,
      hint: 'Keep its type, and add a variable of the new type behind the others.',
    };
  }

  /** What became of a variable that is not in its place. */
  function misplaced(entry: StorageEntry, name: string, here: StorageEntry | undefined): LayoutProblem {
    const elsewhere = now.storage.find((one) => isSame(entry, one));
    if (elsewhere) {
      const stands = here ? `${here.label} stands in its place: declare` : 'Declare';
      return {
        code: 'storage-moved',
        message: `${name} was at ${placeOf(entry)} and is at ${placeOf(elsewhere)} now, where something else is stored.`,
        hint: `${stands} new variables behind the old ones, and keep the order of parents.`,
        astId: elsewhere.astId,
      };
    }
    if (!here || isGap(here)) {
      return {
        code: 'storage-deleted',
        message: `${name} is gone, and what is stored in its place (${placeOf(entry)}) stays.`,
        hint: 'Keep the variable, unused, under its name.',
      };
    }
    return {
      code: 'storage-renamed',
      message: `Where ${name} was (${placeOf(entry)}) stands ${here.label} now, which would have its value.`,
      hint: `Declare new variables behind the old ones. Where it is the same one under another name, say so above it: /// @custom:oz-renamed-from ${entry.label}`,
      astId: here.astId,
    };
  }

  function isSame(entry: StorageEntry, one: StorageEntry): boolean {
    return one.label === entry.label || sides.after.renamed[one.astId] === entry.label;
  }
}

interface Types extends Sides {
  old: Record<string, StorageType>;
  now: Record<string, StorageType>;
  growing: boolean;
}

/** @returns how a type differs, as the end of a sentence; null where what was written is read as the same */
function compareTypes(oldId: string, nowId: string, types: Types): string | null {
  const [old, now] = [types.old[oldId], types.now[nowId]];
  if (!old || !now) return `is of a type that the compiler does not describe (${old ? nowId : oldId})`;
  const changed = `was ${old.label} and is ${now.label} now`;
  if (old.encoding !== now.encoding) return changed;
  if (old.encoding === 'mapping') {
    if (keyOf(old, types.old) !== keyOf(now, types.now)) return changed;
    return compareTypes(old.value ?? '', now.value ?? '', { ...types, growing: true });
  }
  if (old.encoding === 'dynamic_array')
    return compareTypes(old.base ?? '', now.base ?? '', { ...types, growing: false });
  if (old.members && now.members) {
    const pair = `${oldId} ${nowId} ${types.growing}`;
    if (types.open.has(pair)) return null;
    return compareStructs(old, now, { ...types, open: new Set([...types.open, pair]) });
  }
  if (old.base !== undefined && now.base !== undefined) {
    const [length, longer] = [lengthOf(old, types.old), lengthOf(now, types.now)];
    if (longer < length || (longer > length && !types.growing)) return changed;
    return compareTypes(old.base, now.base, { ...types, growing: false });
  }
  if (isEnum(oldId) && isEnum(nowId)) return compareEnums(oldId, nowId, { ...types, changed });
  return plainLabel(oldId, old) === plainLabel(nowId, now) ? null : changed;
}

function compareStructs(old: StorageType, now: StorageType, types: Types): string | null {
  if (!types.growing && old.numberOfBytes !== now.numberOfBytes)
    return `holds ${old.label}, which has ${now.numberOfBytes} bytes now in place of ${old.numberOfBytes}, with something behind it`;
  const layout = (type: StorageType, all: Types['old']) => ({ storage: type.members ?? [], types: all });
  const [problem] = compareEntries({
    ...{ before: types.before, after: types.after, open: types.open, path: '', growing: types.growing },
    ...{ old: layout(old, types.old), now: layout(now, types.now) },
  });
  return problem ? `holds ${old.label}, in which: ${problem.message.replace(/\.$/, '')}` : null;
}

function compareEnums(oldId: string, nowId: string, types: Types & { changed: string }): string | null {
  const [old, now] = [membersOf(oldId, types.before), membersOf(nowId, types.after)];
  if (old.length === 0) return 'is an enum whose values are not known';
  const at = old.findIndex((member, index) => now[index] !== member);
  if (at >= 0) return `is an enum whose value ${at} was ${old[at]} and is ${now[at] ?? 'nothing'} now`;
  const [before, after] = [types.old[oldId], types.now[nowId]];
  return before?.numberOfBytes === after?.numberOfBytes ? null : types.changed;
}

function isEnum(id: string): boolean {
  return id.startsWith('t_enum(');
}

function membersOf(id: string, { enums }: ContractStorage): string[] {
  return enums[Number(/\)(\d+)$/.exec(id)?.[1])] ?? [];
}

/** A contract is its address in storage, whatever its type is called. */
function plainLabel(id: string, type: StorageType): string {
  if (id.startsWith('t_contract(') || type.label === 'address payable') return 'address';
  return type.label;
}

function keyOf({ key = '' }: StorageType, all: Record<string, StorageType>): string {
  const type = all[key];
  return type ? plainLabel(key, type) : key;
}

function lengthOf({ base = '', numberOfBytes }: StorageType, all: Record<string, StorageType>): number {
  return Number(numberOfBytes) / Number(all[base]?.numberOfBytes ?? 1);
}

/** Room that a contract leaves for its own later variables: an array of a fixed length by the name that says so. */
function isGap({ label, type }: StorageEntry): boolean {
  return label.startsWith('__gap') && /^t_array\(.*\)\d+_storage$/.test(type);
}

function placeOf({ slot, offset }: StorageEntry): string {
  return `slot ${slot}${offset > 0 ? `, byte ${offset}` : ''}`;
}
