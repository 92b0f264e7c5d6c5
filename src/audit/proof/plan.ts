import { Buffer } from 'node:buffer';
import type { AstNode, Executable } from '../../solidity/types.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, unwrap, walk } from '../ir/ast.ts';
import type { Callable, Contract, Program } from '../ir/program.ts';
import type { Finding } from '../types.ts';
import { provable } from './provable.ts';
import type { Place, ProofTask, Target } from './types.ts';

/** The attacker's contracts, and the time that each finding may take. */
export interface PlanOptions {
  executables: Executable[];
  helpers: Executable[];
  seconds: number;
  clockSeconds: number;
}

/**
 * Works out what an attack has to do for a finding: where it has to go, by which functions, in which contracts.
 *
 * @param program of the very compile that the executables come from
 * @returns undefined for findings that no execution can show
 */
export function planProof(program: Program, finding: Finding, options: PlanOptions): ProofTask | undefined {
  const goals = provable[finding.detector];
  if (!goals) return undefined;
  const found = placeOf(program, finding);
  if (!found) return undefined;
  const executables = options.executables.map((executable) => withTypes(program, executable));
  return {
    seed: finding.fingerprint,
    goals: [...goals],
    place: found.place,
    targets: targetsOf(program, executables, found, finding),
    executables,
    helpers: options.helpers,
    seconds: options.seconds,
    clockSeconds: options.clockSeconds,
  };
}

interface Found {
  place: Place;
  node: AstNode;
  callable: Callable | undefined;
}

function placeOf(program: Program, { location }: Finding): Found | undefined {
  const root = program.unit.asts[location.file];
  const text = program.unit.sources[location.file];
  if (!root || text === undefined) return undefined;
  const start = offsetOf(text, location.line, location.column);
  const length = offsetOf(text, location.endLine, location.endColumn) - start;
  const file = Number(root.src.split(':')[2]);
  const nodes = smallestAround(root, start, length);
  const exact = nodes.filter((node) => node.src === `${start}:${length}:${file}`);
  const node = exact.at(-1) ?? nodes.at(-1) ?? root;
  const callable = program.enclosing(node);
  const [from = start, size = length] = callable ? callable.node.src.split(':').map(Number) : [start, length];
  const type = typeOf(exact.find((each) => typeOf(each) !== ''));
  return { node, callable, place: { file, start, length, type, around: { start: from, length: size } } };
}

// The nodes that hold the range, the largest first.
function smallestAround(root: AstNode, start: number, length: number): AstNode[] {
  const found: AstNode[] = [];
  walk(root, (node) => {
    const [from = 0, size = 0] = String(node.src).split(':').map(Number);
    if (start < from || from + size < start + length) return false;
    found.push(node);
    return true;
  });
  return found;
}

/** @returns the byte offset in UTF-8 of a line and column, both from 1 */
function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const before = lines.slice(0, line - 1).join('');
  return Buffer.byteLength(before + (lines[line - 1] ?? '').slice(0, column - 1), 'utf8');
}

function targetsOf(
  program: Program,
  executables: readonly Executable[],
  found: Found,
  finding: Finding,
): Target[] {
  const inside = found.callable?.contract ?? program.contracts.find(({ node }) => holds(node, found.node));
  const concrete = executables.flatMap((executable, index) => {
    const contract = contractOf(program, executable);
    if (contract?.kind !== 'contract' || executable.creationBytecode === '0x') return [];
    return [{ executable, index, contract }];
  });
  const shared = !inside || inside.kind === 'library';
  const fitting = concrete.filter(({ contract }) => shared || contract.linearised.includes(inside));
  const named = ({ contract }: { contract: Contract }) => (contract.name === finding.contract ? 0 : 1);
  const kinds = kindsOf(concrete);
  const targets = fitting
    .sort((a, b) => named(a) - named(b))
    .map(({ index, contract }) => ({
      executable: index,
      ...rolesOf(program, contract, found),
      literals: literalsOf(contract),
      kinds,
    }));
  const reaching = targets.filter(({ focus }) => focus.length > 0);
  return (reaching.length > 0 ? reaching : targets).slice(0, 3);
}

function holds(outer: AstNode, inner: AstNode): boolean {
  const [start = 0, length = 0, file] = outer.src.split(':').map(Number);
  const [from = 0, size = 0, other] = inner.src.split(':').map(Number);
  return file === other && start <= from && from + size <= start + length;
}

function contractOf(program: Program, { file, contract }: Executable): Contract | undefined {
  return program.contracts.find(
    ({ name, node }) => name === contract && program.source.fileOf(node) === file,
  );
}

function kindsOf(concrete: readonly { index: number; contract: Contract }[]): Record<string, number[]> {
  const kinds: Record<string, number[]> = {};
  for (const { index, contract } of concrete)
    for (const { name } of contract.linearised) kinds[name] = [...(kinds[name] ?? []), index];
  return kinds;
}

// Which functions lead to the place, and which write what those look at.
function rolesOf(
  program: Program,
  context: Contract,
  { callable, node }: Found,
): { focus: string[]; feeders: string[] } {
  const entries = context.linearised.flatMap(({ functions }) =>
    functions.filter(
      ({ kind, visibility }) => kind !== 'constructor' && /^(public|external)$/.test(visibility),
    ),
  );
  const reached = entries.map((entry) => ({ entry, closure: closureOf(program, entry, context) }));
  const leads = ({ closure }: { closure: ReadonlySet<Callable> }) =>
    callable ? closure.has(callable) : true;
  const focus = reached.filter(
    (each) => leads(each) && (callable !== undefined || mentions(program, each.closure, node)),
  );
  const read = new Set(focus.flatMap(({ closure }) => [...variablesIn(program, closure, false)]));
  const feeders = reached.filter(({ closure }) =>
    [...variablesIn(program, closure, true)].some((id) => read.has(id)),
  );
  const names = (list: typeof reached) => [...new Set(list.map(({ entry }) => entry.name))];
  return { focus: names(focus), feeders: names(feeders) };
}

// For a declaration: the functions that use it.
function mentions(program: Program, closure: ReadonlySet<Callable>, node: AstNode): boolean {
  if (node.nodeType !== 'VariableDeclaration') return true;
  return variablesIn(program, closure, false).has(node.id);
}

/** @returns a function and all that it runs: functions that it calls, overrides and modifiers included */
function closureOf(program: Program, entry: Callable, context: Contract): ReadonlySet<Callable> {
  const found = new Set<Callable>();
  const add = (callable: Callable) => {
    if (found.has(callable)) return;
    found.add(callable);
    for (const item of descendants(
      callable.node,
      'Identifier',
      'MemberAccess',
      'IdentifierPath',
      'UserDefinedTypeName',
    )) {
      const target = program.callable(referenceOf(item) ?? -1);
      if (!target || target.kind === 'constructor') continue;
      for (const each of [target, ...overridesOf(target, context)]) add(each);
    }
  };
  add(entry);
  return found;
}

function overridesOf({ signature, kind }: Callable, context: Contract): Callable[] {
  return context.linearised.flatMap(({ functions, modifiers }) =>
    (kind === 'modifier' ? modifiers : functions).filter((each) => each.signature === signature),
  );
}

function variablesIn(program: Program, closure: ReadonlySet<Callable>, written: boolean): Set<number> {
  const found = new Set<number>();
  for (const { node } of closure) {
    const roots = written ? writtenIn(node) : [node];
    for (const root of roots)
      for (const item of descendants(root, 'Identifier')) {
        const id = referenceOf(item);
        if (id !== undefined && program.stateVariable(id)) found.add(id);
      }
  }
  return found;
}

function writtenIn(node: AstNode): AstNode[] {
  const assigned = descendants(node, 'Assignment').map((item) => childOf(item, 'leftHandSide'));
  const stepped = descendants(node, 'UnaryOperation')
    .filter((item) => /^(\+\+|--|delete)$/.test(textOf(item, 'operator')))
    .map((item) => childOf(item, 'subExpression'));
  const pushed = descendants(node, 'FunctionCall')
    .map((item) => childOf(item, 'expression'))
    .filter((item) => /^(push|pop|add|set|remove)$/.test(textOf(item, 'memberName')));
  return [...assigned, ...stepped, ...pushed].filter((item) => item !== undefined);
}

const units: Record<string, bigint> = {
  ...{ wei: 1n, gwei: 10n ** 9n, szabo: 10n ** 12n, finney: 10n ** 15n, ether: 10n ** 18n },
  ...{ seconds: 1n, minutes: 60n, hours: 3_600n, days: 86_400n, weeks: 604_800n, years: 31_536_000n },
};

function literalsOf(context: Contract): string[] {
  const nodes = context.linearised.flatMap(({ node }) => descendants(node, 'Literal'));
  const values = nodes.flatMap((node) => numberOf(node) ?? []);
  return [...new Set(values.map(String))].slice(0, 60);
}

/** @returns a number literal's value where it is whole */
function numberOf(node: AstNode): bigint | undefined {
  if (textOf(node, 'kind') !== 'number') return undefined;
  const text = textOf(node, 'value').replaceAll('_', '');
  const unit = units[textOf(node, 'subdenomination')] ?? 1n;
  if (/^0x[0-9a-f]+$/i.test(text)) return text.length < 40 ? BigInt(text) * unit : undefined;
  const match = /^(\d*)(?:\.(\d*))?(?:e(\d{1,2}))?$/i.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const scaled = BigInt(`${whole}${fraction}` || '0') * 10n ** BigInt(exponent) * unit;
  const divisor = 10n ** BigInt(fraction.length);
  return scaled % divisor === 0n ? scaled / divisor : undefined;
}

// Old compilers leave out of the ABI which parameters are contracts; the tree says it.
function withTypes(program: Program, executable: Executable): Executable {
  const contract = contractOf(program, executable);
  if (!contract) return executable;
  const functions = contract.linearised.flatMap((each) => each.functions);
  const abi = executable.abi.map((item) => {
    if (!item.inputs?.length || item.inputs.every(({ internalType }) => internalType !== undefined))
      return item;
    const callable = functions.find(
      ({ kind, name, parameters }) =>
        (item.type === 'constructor' ? kind === 'constructor' : name === item.name) &&
        parameters.length === item.inputs?.length,
    );
    if (!callable) return item;
    const inputs = item.inputs.map((input, at) => {
      const type = typeOf(unwrap(callable.parameters[at] as AstNode));
      return { ...input, internalType: type };
    });
    return { ...item, inputs };
  });
  return { ...executable, abi };
}
