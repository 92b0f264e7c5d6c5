import type { AstNode } from '../../solidity/types.ts';
import { assemblyOperations } from './assembly.ts';
import { childOf, childrenOf, descendants, textOf, typeOf } from './ast.ts';
import { classifyCall } from './calls.ts';
import { entryFrame, isFixedVariable } from './frames.ts';
import { bodiesFrom, callsIn } from './own.ts';
import type { Callable, Contract, Program } from './program.ts';
import type { EntryRun, Runs } from './runs.ts';

/** A public function that does what a constructor cannot do behind a proxy. */
export interface Initialiser {
  callable: Callable;
  /** What keeps it from running twice: OpenZeppelin's modifier, a flag or address that it looks at, or nothing. */
  guard: 'modifier' | 'flag' | 'none';
  /** The places (keys left out) that it looks at and sets. */
  flags: ReadonlySet<string>;
  run: EntryRun | undefined;
}

const initialiserNames = /^_*(re)?init(iali[sz]e)?([A-Z_]\w*)?$|^set_?up([A-Z_]\w*)?$/i;

/** @returns the initialisers that strangers may call in a deployed contract */
export function initialisersOf(runs: Runs, contract: Contract): Initialiser[] {
  const found: Initialiser[] = [];
  for (const run of runs.entries) {
    if (run.context !== contract || run.role !== 'entry' || run.entry.kind !== 'function') continue;
    const { entry, visits } = run;
    const flags = new Set(
      visits.writes
        .filter(({ slot, state }) => slot.keys.length === 0 && state.checked.has(slot.exact))
        .map(({ slot }) => slot.key),
    );
    if (hasModifier(entry, /^(re)?initializer$/)) {
      found.push({ callable: entry, guard: 'modifier', flags, run });
      continue;
    }
    if (!initialiserNames.test(entry.name) || /view|pure/.test(entry.mutability)) continue;
    const sets = visits.writes.filter(({ slot, state }) => slot.keys.length === 0 && !runs.privileged(state));
    if (sets.length === 0) continue;
    const once = sets.some(({ state }) => runs.once(state)) || flags.size > 0;
    found.push({ callable: entry, guard: once ? 'flag' : 'none', flags, run });
  }
  return found;
}

/** @returns true for a function with a modifier of that name */
export function hasModifier({ node }: Callable, name: RegExp): boolean {
  return childrenOf(node, 'modifiers').some((one) => {
    const at = childOf(one, 'modifierName');
    return name.test(textOf(at, 'name'));
  });
}

/** @returns true when the contract's constructor keeps its own initialiser from ever running */
export function isLockedAtBirth(runs: Runs, contract: Contract, { guard, flags }: Initialiser): boolean {
  const constructors = contract.linearised.flatMap(({ functions }) =>
    functions.filter(({ kind, body }) => kind === 'constructor' && body),
  );
  if (guard === 'modifier')
    return constructors.some(
      (callable) =>
        hasModifier(callable, /^initializer$/) ||
        descendants(callable.body ?? callable.node, 'Identifier').some(
          (one) => textOf(one, 'name') === '_disableInitializers',
        ),
    );
  const isBorn = contract.linearised.some(({ variables }) =>
    variables.some((variable) => flags.has(String(variable.id)) && childOf(variable, 'value') !== undefined),
  );
  return (
    isBorn ||
    runs.entries.some(
      ({ role, context, visits }) =>
        role === 'constructor' &&
        context === contract &&
        visits.writes.some(({ slot }) => flags.has(slot.key)),
    )
  );
}

/** @returns true for a contract that is written to stand behind a proxy: OpenZeppelin's Initializable, or a name that says so */
export function isImplementation({ linearised, name }: Contract): boolean {
  if (/(upgradeable|implementation|logic|master(copy)?|clone\w*)(v\d+)?$/i.test(name)) return true;
  return linearised.some(({ functions }) =>
    functions.some((callable) => hasModifier(callable, /^((re)?initializer|onlyInitializing)$/)),
  );
}

/** @returns the fallback of a proxy: what it does not know it runs in another contract's code */
export function delegatingFallback(program: Program, contract: Contract): Callable | undefined {
  for (const base of contract.linearised) {
    for (const callable of base.functions) {
      if (callable.kind !== 'fallback' || !callable.body) continue;
      const bodies = bodiesFrom(entryFrame(program, callable, contract));
      return bodies.some(({ body }) => delegates(program, body)) ? callable : undefined;
    }
  }
  return undefined;
}

/**
 * @returns true for what is written to be run by the proxy, and is no proxy itself: it has an initialiser or says what it is, the
 * proxy asks it for a function of its own, or is named after it
 */
export function standsBehind(runs: Runs, logic: Contract, proxy: Contract, program: Program): boolean {
  if (logic === proxy || proxy.linearised.includes(logic) || logic.linearised.includes(proxy)) return false;
  if (delegatingFallback(program, logic)) return false;
  if (isImplementation(logic) || initialisersOf(runs, logic).length > 0) return true;
  return isNamedAfter(proxy, logic) || asksFor(program, proxy, logic);
}

/** `VaultProxy` and `Vault`, `Vaults`, `VaultV2` */
function isNamedAfter(proxy: Contract, logic: Contract): boolean {
  const stem = proxy.name.replace(/_?proxy_?(v?\d+)?$/i, '').toLowerCase();
  return stem.length > 3 && stem !== proxy.name.toLowerCase() && logic.name.toLowerCase().startsWith(stem);
}

/** Data of a delegatecall in the proxy names a function that the other contract has. */
function asksFor(program: Program, proxy: Contract, logic: Contract): boolean {
  const functions = logic.linearised.flatMap((base) => base.functions);
  return proxy.linearised
    .flatMap((base) => base.functions)
    .filter(({ own, body }) => own && body)
    .some((callable) =>
      callsIn(program, callable).some((call) => {
        if (call.kind !== 'low-level' || call.method !== 'delegatecall') return false;
        const data = call.arguments.map((argument) => program.source.text(argument)).join(' ');
        return functions.some(
          ({ name, signature, contract }) =>
            data.includes(`"${signature}"`) || new RegExp(`\\b${contract?.name}\\.${name}\\b`).test(data),
        );
      }),
    );
}

function delegates(program: Program, body: AstNode): boolean {
  return descendants(body, 'InlineAssembly', 'FunctionCall').some((node) => {
    if (node.nodeType === 'InlineAssembly')
      return assemblyOperations(node).some(({ name }) => name === 'delegatecall' || name === 'callcode');
    const call = classifyCall(program, node);
    return call.kind === 'low-level' && (call.method === 'delegatecall' || call.method === 'callcode');
  });
}

/** A variable in the order of storage; packing is left out. */
export interface StoredVariable {
  node: AstNode;
  name: string;
  type: string;
}

/** @returns the state variables that take storage, the most basic contract's first */
export function layoutOf({ linearised }: Contract): StoredVariable[] {
  return [...linearised]
    .reverse()
    .flatMap(({ variables }) =>
      variables
        .filter((variable) => !isFixedVariable(variable) && textOf(variable, 'mutability') !== 'transient')
        .map((node) => ({ node, name: textOf(node, 'name'), type: typeOf(node) })),
    );
}

/** @returns the places where two layouts differ, as far as the shorter one goes */
export function differences(
  a: readonly StoredVariable[],
  b: readonly StoredVariable[],
): { a: StoredVariable; b: StoredVariable }[] {
  return a.flatMap((left, index) => {
    const right = b[index];
    return right && !isSame(left, right) ? [{ a: left, b: right }] : [];
  });
}

/** @returns true for what means the same in both contracts */
export function isSame(a: StoredVariable, b: StoredVariable): boolean {
  const plain = (name: string) => name.replace(/^_+|_+$/g, '').toLowerCase();
  return a.node === b.node || (a.type === b.type && plain(a.name) === plain(b.name));
}
