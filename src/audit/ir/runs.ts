import type { AstNode } from '../../solidity/types.ts';
import { childOf, textOf } from './ast.ts';
import type { Call } from './calls.ts';
import { isOneTime, runCallable } from './execute.ts';
import type { AuthFact } from './facts.ts';
import { entryFrame, type Frame } from './frames.ts';
import { ownCallables } from './own.ts';
import type { Callable, Contract, Program } from './program.ts';
import { makeRanges, type Ranges } from './ranges.ts';
import { initialState, type State } from './state.ts';
import { overlaps } from './storage.ts';
import { chosenByCaller, from, hasBits, taintOf } from './taint.ts';
import type { Run, Visits, WriteVisit } from './visits.ts';

/** One entry point of one deployed contract, run symbolically. */
export interface EntryRun {
  context: Contract;
  entry: Callable;
  /** `entry`: anybody may call it. `unreached`: internal, and no entry point of the sources leads to it. */
  role: 'entry' | 'constructor' | 'unreached';
  visits: Visits;
  /** Storage places (keys left out) that it reads on at least one way. */
  reads: ReadonlySet<string>;
  /** Places (keys left out) that it compares with a fixed value or locks, and locks known by their name. */
  guards: ReadonlySet<string>;
  /** A signature is recovered on the way, which names who agreed instead of who calls. */
  signed: boolean;
  /** True when the run was cut off because it was too long. */
  truncated: boolean;
}

/** All runs of the sources and what follows from them together. */
export interface Runs {
  entries: EntryRun[];
  /** Entry points whose run broke off with an error of ours; the others stand. */
  failures: { entry: Callable; message: string }[];
  /** State variables that anybody may set to a value of their choice, with a write that shows it. */
  open: ReadonlyMap<number, WriteVisit>;
  /** The same by place (`Slot.key`). */
  openPlaces: ReadonlyMap<string, WriteVisit>;
  /** What values integers may have. */
  ranges: Ranges;
  /** @returns true when only somebody privileged (owner, role) gets to this state. */
  privileged(state: State): boolean;
  /** @returns true when a flag lets this code run only once in the contract's life. */
  once(state: State): boolean;
  /** @returns true when the sender was compared with anything that says who may do this. */
  authorised(state: State): boolean;
}

/** Visits a single entry point may need: five times what the largest of OpenZeppelin's takes. */
const budgetPerEntry = 60_000;

/** Runs every entry point of every contract that the audit reports on. */
export function runAll(program: Program): Runs {
  const entries: EntryRun[] = [];
  const failures: Runs['failures'] = [];
  const reached = new Set<Callable>();
  const add = (entry: Callable, context: Contract, role?: EntryRun['role']) => {
    try {
      entries.push({ ...runEntry(program, entry, context, reached), ...(role ? { role } : {}) });
    } catch (error) {
      failures.push({ entry, message: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const contract of program.contracts) {
    if (!contract.own || contract.kind === 'interface') continue;
    // What a library offers works on the storage of whoever borrows it: called by itself it has none.
    const role = contract.kind === 'library' ? 'unreached' : undefined;
    for (const entry of entriesOf(contract)) add(entry, contract, role);
  }
  for (const callable of ownCallables(program)) {
    const context = callable.contract ?? program.contracts[0] ?? noContract(callable);
    if (callable.kind !== 'modifier' && !reached.has(callable)) add(callable, context, 'unreached');
  }
  const released = releasedLocks(entries);
  const { open, places } = openVariables(entries, released);
  return {
    entries,
    failures,
    open,
    openPlaces: places,
    ranges: makeRanges(
      program,
      entries,
      failures.length === 0 && !entries.some(({ truncated }) => truncated),
    ),
    once: (state) => runsOnce(state, released),
    privileged: (state) => state.auth.some((fact) => isPrivilege(fact, open, places)),
    authorised: (state) => state.auth.some((fact) => fact.holder || isPrivilege(fact, open, places)),
  };
}

// Free functions in sources without a contract run in one that has nothing.
function noContract({ node, own }: Callable): Contract {
  const nothing = { linearised: [], functions: [], modifiers: [], variables: [] };
  return { node, name: '', kind: 'library', abstract: false, own, ...nothing };
}

/** @returns every activation of a run, the entry point's own first */
export function framesOf({ visits }: EntryRun): Frame[] {
  const first = visits.calls[0] ?? visits.writes[0] ?? visits.arithmetic[0] ?? visits.assembly[0];
  let root = first?.frame;
  while (root?.parent) root = root.parent;
  const found: Frame[] = root ? [root] : [];
  for (const frame of found) found.push(...frame.children.values());
  return found;
}

function runsOnce(state: State, released: ReadonlySet<string>): boolean {
  for (const lock of state.locks)
    if (isOneTime(lock) || (!lock.startsWith('modifier:') && !released.has(lock))) return true;
  return false;
}

// Public functions as the deployed contract has them: the most derived of each signature, private bodies aside.
function entriesOf(contract: Contract): Callable[] {
  const seen = new Set<string>();
  const found: Callable[] = [];
  for (const base of contract.linearised) {
    for (const callable of base.functions) {
      if (callable.kind === 'constructor') {
        if (base.own) found.push(callable);
        continue;
      }
      if (callable.visibility !== 'public' && callable.visibility !== 'external') continue;
      if (seen.has(callable.signature)) continue;
      seen.add(callable.signature);
      if (callable.body && callable.mutability !== 'pure') found.push(callable);
    }
  }
  return found;
}

function runEntry(program: Program, entry: Callable, context: Contract, reached: Set<Callable>): EntryRun {
  const visits: Visits = {
    calls: [],
    writes: [],
    arithmetic: [],
    assembly: [],
    decisions: [],
    immutables: [],
  };
  const run: Run = {
    visits,
    budget: budgetPerEntry,
    entered: new Map(),
    enter: (frame, state) => runCallable(run, frame, state),
  };
  reached.add(entry);
  const end = runCallable(run, entryFrame(program, entry, context), initialState);
  const note = (visit: { frame: Frame }) => {
    for (let at: Frame | undefined = visit.frame; at; at = at.parent) reached.add(at.callable);
  };
  for (const visit of [...visits.calls, ...visits.writes, ...visits.arithmetic, ...visits.assembly])
    note(visit);
  return {
    context,
    entry,
    role: entry.kind === 'constructor' ? 'constructor' : end || endsWell(visits) ? 'entry' : 'unreached',
    visits,
    ...summary(visits, end),
    signed: visits.calls.some((visit) => recoversSigner(visit.call)),
    truncated: run.budget < 0,
  };
}

/** Its end is out of sight: it destroys the contract, or leaves from within assembly. All else that never ends is undone. */
function endsWell({ calls, assembly }: Visits): boolean {
  if (calls.some(({ call }) => call.kind === 'selfdestruct')) return true;
  return assembly.some(({ node, frame }) =>
    /\b(return|stop|selfdestruct|suicide)\b/.test(frame.program.source.text(node)),
  );
}

function summary(visits: Visits, end: State | undefined): Pick<EntryRun, 'reads' | 'guards'> {
  const states = [...visits.calls, ...visits.writes].map(({ state }) => state);
  if (end) states.push(end);
  const distinct = <T>(of: (state: State) => ReadonlySet<T>) => new Set(states.map(of));
  const reads = new Set([...distinct((state) => state.reads)].flatMap((set) => [...set]));
  const places = [...distinct((state) => state.checked), ...distinct((state) => state.locks)];
  return { reads, guards: new Set(places.flatMap((set) => [...set].map(withoutKeys))) };
}

/** @returns a place without its keys: `12[msg.sender].paid` as `12.paid` */
export function withoutKeys(exact: string): string {
  let shown = '';
  let depth = 0;
  for (const letter of exact) {
    if (letter === '[') depth++;
    if (depth === 0) shown += letter;
    if (letter === ']') depth--;
  }
  return shown;
}

// Flags that are set back, so that the code behind them runs again.
function releasedLocks(entries: EntryRun[]): ReadonlySet<string> {
  const writes = entries.flatMap((entry) => entry.visits.writes);
  const released = writes.filter(
    (write) => write.state.locks.has(write.slot.exact) || (write.slot.keys.length === 0 && growsAgain(write)),
  );
  return new Set(released.map((write) => write.slot.exact));
}

/** `pot += msg.value`: an amount that was paid out and set to zero, and comes together again. */
function growsAgain({ node, value, frame }: WriteVisit): boolean {
  const added = node['operator'] === '+=' ? childOf(node, 'rightHandSide') : value;
  return added !== undefined && hasBits(taintOf(added, frame), from.value);
}

// A check of the sender against a variable is worth nothing when anybody may set the variable; that again depends on
// the checks around its writes. Repeated until nothing changes.
function openVariables(entries: EntryRun[], released: ReadonlySet<string>): Open {
  const writes = entries.filter((entry) => entry.role === 'entry').flatMap((entry) => entry.visits.writes);
  const open = new Map<number, WriteVisit>();
  const places = new Map<string, WriteVisit>();
  for (let round = 0; round < 4; round++) {
    const before = places.size;
    for (const write of writes) {
      const { base, key, exact } = write.slot;
      if (places.has(key) || write.state.auth.some((fact) => isPrivilege(fact, open, places))) continue;
      if (runsOnce(write.state, released) || write.state.checked.has(exact)) continue;
      if (!givesAccess(write)) continue;
      places.set(key, write);
      if (!open.has(base)) open.set(base, write);
    }
    if (places.size === before) break;
  }
  return { open, places };
}

/** What anybody may set: variables, and which places of them. */
interface Open {
  open: ReadonlyMap<number, WriteVisit>;
  places: ReadonlyMap<string, WriteVisit>;
}

function givesAccess(write: WriteVisit): boolean {
  if (isCleared(write.value) || write.node['operator'] === 'delete' || write.node['operator'] === '-=')
    return false;
  const callers = chosenByCaller | from.keyed;
  if (write.slot.keys.some((key) => hasBits(taintOf(key.node, key.frame), callers))) return true;
  const value = write.value ?? write.node;
  return hasBits(taintOf(value, write.frame), callers);
}

function isCleared(value: AstNode | undefined): boolean {
  if (value?.nodeType !== 'Literal') return false;
  return value['value'] === 'false' || value['value'] === '0';
}

function isPrivilege(fact: AuthFact, open: Open['open'], places: Open['places']): boolean {
  if (fact.holder || !fact.variables.some((id) => open.has(id))) return !fact.holder;
  const { place } = fact;
  return place !== undefined && ![...places.keys()].some((each) => overlaps(each, place));
}

function recoversSigner({ callee }: Call): boolean {
  const name = textOf(callee, 'name') || textOf(callee, 'memberName');
  return /^(ec|try)?recover|^check(N)?Signatures?$|^isValidSignature/i.test(name);
}
