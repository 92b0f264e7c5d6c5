import { Buffer } from 'node:buffer';
import { sha256Hex } from '../lib/hash.ts';
import type { AstNode } from '../solidity/types.ts';
import { childOf, descendants, referenceOf, textOf, typeOf, walk } from './ir/ast.ts';
import { type Callable, type Program, plainType } from './ir/program.ts';

/**
 * What a finding's place is, whatever line it stands on and whatever its author calls what only this function sees:
 * the contract, the function's signature, and the code without comments and space, in which parameters are numbered by
 * their place in the signature and locals by type and first use. Of what has a body of its own only the head counts,
 * so that functions may change places and bodies may grow.
 */
export function identityOf(program: Program, place: AstNode): string {
  const callable = program.enclosing(place);
  return [callable?.contract?.name ?? '', callable?.signature ?? '', codeOf(program, place)].join('\n');
}

/**
 * @param ordinal tells equal places of one function apart by their order, so that edits elsewhere change nothing
 * @returns the finding's name across edits, 32 hexadecimal digits
 */
export function fingerprintOf(detector: string, identity: string, ordinal: number): string {
  return sha256Hex([detector, identity, ordinal].join('\n')).slice(0, 32);
}

/** @returns the code with comments and whitespace left out. */
export function normaliseCode(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\/[^\n\r]*|\/\*[\s\S]*?\*\/|\s+/g, '$1');
}

/**
 * The part of a node that is worth showing: a contract without its members, a function or a loop without its body.
 *
 * @returns the node itself, or a copy whose `src` ends before the body
 */
export function headOf(program: Program, node: AstNode): AstNode {
  const [start = 0, , file = 0] = node.src.split(':').map(Number);
  const bytes = Buffer.from(program.source.text(node), 'utf8');
  const body = bodyOf(node);
  const end = body ? Number(body.src.split(':')[0]) - start : bytes.indexOf('{');
  if (!(body || node.nodeType === 'ContractDefinition') || end <= 0) return node;
  const head = bytes.subarray(0, end).toString('utf8').trimEnd();
  return { ...node, src: `${start}:${Buffer.byteLength(head, 'utf8')}:${file}` };
}

function bodyOf(node: AstNode): AstNode | undefined {
  switch (node.nodeType) {
    case 'FunctionDefinition':
    case 'ModifierDefinition':
    case 'ForStatement':
    case 'WhileStatement':
      return childOf(node, 'body');
    case 'IfStatement':
      return childOf(node, 'trueBody');
    default:
      return undefined;
  }
}

function codeOf(program: Program, place: AstNode): string {
  // What is declared is its name, and not what stands in it.
  if (place.nodeType === 'ContractDefinition') return `contract ${textOf(place, 'name')}`;
  const callable = program.callable(place.id);
  if (callable?.node === place) return callable.kind;
  const head = headOf(program, place);
  const [from = 0, length = 0] = head.src.split(':').map(Number);
  const bytes = Buffer.from(program.source.text(head), 'utf8');
  const names = localNames(program, place)
    .filter(({ start }) => start >= from && start < from + length)
    .sort((a, b) => a.start - b.start);
  const numbered = new Map<string, number>();
  const parts: string[] = [];
  let at = 0;
  for (const { start, length: size, key, shown } of names) {
    if (start - from < at) continue;
    parts.push(bytes.subarray(at, start - from).toString('utf8'));
    if (!numbered.has(key)) numbered.set(key, numbered.size);
    parts.push(shown ?? `$${numbered.get(key)}:${key.slice(key.indexOf(' ') + 1)}`);
    at = start - from + size;
  }
  parts.push(bytes.subarray(at).toString('utf8'));
  return normaliseCode(parts.join(''));
}

interface LocalName {
  /** Bytes from the start of the file. */
  start: number;
  length: number;
  /** Equal for all uses of one variable: its id, a space, its type. */
  key: string;
  /** What stands for it, where its place in the signature says which it is. */
  shown?: string;
}

/** Every use and declaration, below a node, of a variable that only its function sees. */
function localNames(program: Program, place: AstNode): LocalName[] {
  const callable = program.enclosing(place);
  if (!callable) return [];
  const found: LocalName[] = [];
  const yul = new Set<string>();
  for (const { name } of descendants(callable.node, 'YulTypedName')) yul.add(String(name));
  const add = (declaration: AstNode, src: string) => {
    const [start = 0, length = 0] = src.split(':').map(Number);
    found.push({ start, length, ...describe(callable, declaration) });
  };
  walk(place, (node) => {
    const declared = node.nodeType === 'VariableDeclaration' ? node : localOf(program, referenceOf(node));
    if (node.nodeType === 'Identifier' && declared) add(declared, node.src);
    if (node.nodeType === 'VariableDeclaration') {
      const src = nameOf(program, node);
      if (src !== undefined) add(node, src);
    }
    if (node.nodeType === 'InlineAssembly') for (const use of externalUses(program, node)) add(...use);
    if (/^Yul(Identifier|TypedName)$/.test(node.nodeType) && yul.has(textOf(node, 'name'))) {
      const [start = 0, length = 0] = node.src.split(':').map(Number);
      found.push({ start, length, key: `${textOf(node, 'name')} yul` });
    }
  });
  return found;
}

function describe(callable: Callable, declaration: AstNode): Pick<LocalName, 'key' | 'shown'> {
  const key = `${declaration.id} ${plainType(typeOf(declaration))}`;
  const parameter = callable.parameters.indexOf(declaration);
  if (parameter >= 0) return { key, shown: `@${parameter}` };
  const result = callable.returns.indexOf(declaration);
  return result >= 0 ? { key, shown: `@r${result}` } : { key };
}

function localOf(program: Program, id: number | undefined): AstNode | undefined {
  const node = id === undefined ? undefined : program.node(id);
  if (node?.nodeType !== 'VariableDeclaration' || node['stateVariable'] === true) return undefined;
  return program.enclosing(node) ? node : undefined;
}

/** Where the name of a declaration stands: old compilers say only where the declaration does, of which it is the end. */
function nameOf(program: Program, declaration: AstNode): string | undefined {
  const name = textOf(declaration, 'name');
  const place = textOf(declaration, 'nameLocation');
  if (name === '' || /^\d+:[1-9]\d*:/.test(place)) return name === '' ? undefined : place;
  const [start = 0, length = 0, file = 0] = declaration.src.split(':').map(Number);
  const size = Buffer.byteLength(name, 'utf8');
  return program.source.text(declaration).endsWith(name)
    ? `${start + length - size}:${size}:${file}`
    : undefined;
}

/** What assembly uses of the Solidity around it; before 0.6 each entry is an object under the variable's name. */
function externalUses(program: Program, assembly: AstNode): [AstNode, string][] {
  const list = assembly['externalReferences'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: Record<string, unknown>) => {
    const use = (typeof entry['declaration'] === 'number' ? entry : Object.values(entry)[0]) as
      | { declaration?: number; src?: string }
      | undefined;
    const declared = localOf(program, use?.declaration);
    // `x.slot` and `x_slot` are more than the name.
    if (!declared || use?.src === undefined) return [];
    const size = Buffer.byteLength(textOf(declared, 'name'), 'utf8');
    const [start = 0, , file = 0] = use.src.split(':').map(Number);
    return [[declared, `${start}:${size}:${file}`] as [AstNode, string]];
  });
}
