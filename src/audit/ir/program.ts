import type { AstNode } from '../../solidity/types.ts';
import type { AuditUnit } from '../types.ts';
import { childOf, childrenOf, indexTree, referenceOf, textOf, typeOf, walk } from './ast.ts';
import { indexSources, type SourceIndex } from './source-index.ts';

/** A function, constructor or modifier with what compilers of different ages say in different fields. */
export interface Callable {
  node: AstNode;
  contract: Contract | undefined;
  name: string;
  kind: 'function' | 'constructor' | 'fallback' | 'receive' | 'modifier' | 'free';
  visibility: string;
  /** `pure`, `view`, `nonpayable` or `payable`. */
  mutability: string;
  parameters: AstNode[];
  returns: AstNode[];
  body: AstNode | undefined;
  /** Name with parameter types, data locations left out: what overrides share. */
  signature: string;
  own: boolean;
}

/** A contract, interface or library; `linearised` starts with itself and ends with the most basic base. */
export interface Contract {
  node: AstNode;
  name: string;
  kind: 'contract' | 'interface' | 'library';
  abstract: boolean;
  linearised: Contract[];
  functions: Callable[];
  modifiers: Callable[];
  variables: AstNode[];
  own: boolean;
}

/** Everything the analyser knows of the sources before it runs anything. */
export interface Program {
  unit: AuditUnit;
  source: SourceIndex;
  /** Minor version of the compiler: 4 … 8. */
  minor: number;
  contracts: Contract[];
  free: Callable[];
  node(id: number): AstNode | undefined;
  parent(node: AstNode): AstNode | undefined;
  callable(id: number): Callable | undefined;
  contract(id: number): Contract | undefined;
  /** The state variable of that id. */
  stateVariable(id: number): AstNode | undefined;
  /** The function or modifier a node stands in. */
  enclosing(node: AstNode): Callable | undefined;
  /** True for a node of a file that the audit reports on, outside of copies. */
  isOwn(node: AstNode): boolean;
  /** What of the audited files is a library's: it is followed, and nothing in it is reported. */
  copies: readonly Copy[];
}

/** Says which library somebody's contract is an unchanged copy of. */
export type LibraryOf = (
  contract: string,
  code: string,
) => { library: string; version: string; path: string } | undefined;

/** A contract of the audited files that is an unchanged copy of a library's. */
export interface Copy {
  contract: string;
  file: string;
  library: string;
  version: string;
}

/** Links the syntax trees of all files: ids, parents, contracts with their bases, functions. Changes nothing but the marks of `indexTree`. */
export function buildProgram(unit: AuditUnit, libraryOf?: LibraryOf): Program {
  const source = indexSources(unit.sources, unit.asts);
  const ownFiles = new Set(unit.ownFiles);
  const copies = libraryOf ? findCopies(unit, source, libraryOf) : new Map<AstNode, Copy>();
  const nodes = new Map<number, AstNode>();
  const parents = new Map<AstNode, AstNode>();
  const contracts = new Map<number, Contract>();
  const callables = new Map<number, Callable>();
  const stateVariables = new Map<number, AstNode>();
  const free: Callable[] = [];
  for (const [file, root] of Object.entries(unit.asts)) {
    indexTree(root);
    walk(root, (node, parent) => {
      if (typeof node.id === 'number') nodes.set(node.id, node);
      if (parent) parents.set(node, parent);
    });
    for (const item of childrenOf(root, 'nodes')) {
      const own = ownFiles.has(file);
      if (item.nodeType === 'ContractDefinition')
        contracts.set(item.id, readContract(item, own && !copies.has(item)));
      if (item.nodeType === 'FunctionDefinition') free.push(readCallable(item, undefined, own));
    }
  }
  for (const contract of contracts.values()) {
    const ids = contract.node['linearizedBaseContracts'];
    const bases = Array.isArray(ids) ? ids.map((id) => contracts.get(id as number)) : [contract];
    contract.linearised.push(...bases.filter((base) => base !== undefined));
    for (const callable of [...contract.functions, ...contract.modifiers])
      callables.set(callable.node.id, callable);
    for (const variable of contract.variables) stateVariables.set(variable.id, variable);
  }
  for (const callable of free) callables.set(callable.node.id, callable);
  const enclosing = (node: AstNode): Callable | undefined => {
    for (let at: AstNode | undefined = node; at; at = parents.get(at)) {
      const found = callables.get(at.id);
      if (found && found.node === at) return found;
    }
    return undefined;
  };
  const isInCopy = (node: AstNode) => {
    if (copies.size === 0) return false;
    for (let at: AstNode | undefined = node; at; at = parents.get(at)) if (copies.has(at)) return true;
    return false;
  };
  return {
    unit,
    source,
    minor: Number(unit.compiler.split('.')[1] ?? 8),
    contracts: [...contracts.values()],
    free,
    node: (id) => nodes.get(id),
    parent: (node) => parents.get(node),
    callable: (id) => callables.get(id),
    contract: (id) => contracts.get(id),
    stateVariable: (id) => stateVariables.get(id),
    enclosing,
    isOwn: (node) => ownFiles.has(source.fileOf(node) ?? '') && !isInCopy(node),
    copies: [...copies.values()],
  };
}

// Where there is nothing but copies, they are what the audit is about.
function findCopies(unit: AuditUnit, source: SourceIndex, libraryOf: LibraryOf): Map<AstNode, Copy> {
  const copies = new Map<AstNode, Copy>();
  let others = 0;
  for (const file of unit.ownFiles) {
    const root = unit.asts[file];
    for (const item of root ? childrenOf(root, 'nodes') : []) {
      if (item.nodeType !== 'ContractDefinition') continue;
      const contract = textOf(item, 'name');
      const found = libraryOf(contract, source.text(item));
      if (found) copies.set(item, { contract, file, library: found.library, version: found.version });
      else if (textOf(item, 'contractKind') !== 'interface') others++;
    }
  }
  return others === 0 ? new Map() : copies;
}

/**
 * The implementation that runs in a deployed `context` when `callable` is called by its name.
 *
 * @param after for `super`: search only past this contract in the context's linearisation
 */
export function resolveVirtual(callable: Callable, context: Contract, after?: Contract): Callable {
  if (!callable.contract || callable.contract.kind === 'library' || callable.visibility === 'private')
    return callable;
  const order = context.linearised;
  const start = after ? order.indexOf(after) + 1 : 0;
  if (!after && !order.includes(callable.contract)) return callable;
  for (const contract of order.slice(start)) {
    const list = callable.kind === 'modifier' ? contract.modifiers : contract.functions;
    const found = list.find((item) => item.signature === callable.signature && item.body);
    if (found) return found;
  }
  return callable;
}

/** Modifiers of a function in the order they run, with the arguments given; base constructor calls are left out. */
export function modifiersOf(program: Program, callable: Callable, context: Contract) {
  const found: { invocation: AstNode; modifier: Callable }[] = [];
  for (const invocation of childrenOf(callable.node, 'modifiers')) {
    const name = childOf(invocation, 'modifierName');
    const id = name && referenceOf(name);
    const modifier = id === undefined ? undefined : program.callable(id);
    if (modifier?.kind === 'modifier')
      found.push({ invocation, modifier: resolveVirtual(modifier, context) });
  }
  return found;
}

function readContract(node: AstNode, own: boolean): Contract {
  const contract: Contract = {
    node,
    name: textOf(node, 'name'),
    kind: (textOf(node, 'contractKind') || 'contract') as Contract['kind'],
    abstract: node['abstract'] === true || node['fullyImplemented'] === false,
    linearised: [],
    functions: [],
    modifiers: [],
    variables: [],
    own,
  };
  for (const item of childrenOf(node, 'nodes')) {
    if (item.nodeType === 'FunctionDefinition') contract.functions.push(readCallable(item, contract, own));
    if (item.nodeType === 'ModifierDefinition') contract.modifiers.push(readCallable(item, contract, own));
    if (item.nodeType === 'VariableDeclaration') contract.variables.push(item);
  }
  return contract;
}

function readCallable(node: AstNode, contract: Contract | undefined, own: boolean): Callable {
  const parameters = parametersOf(node, 'parameters');
  const kind = kindOf(node, contract);
  const name = textOf(node, 'name') || kind;
  const constant = node['isDeclaredConst'] === true ? 'view' : 'nonpayable';
  return {
    node,
    contract,
    name,
    kind,
    visibility: textOf(node, 'visibility') || 'public',
    mutability: textOf(node, 'stateMutability') || constant,
    parameters,
    returns: parametersOf(node, 'returnParameters'),
    body: childOf(node, 'body'),
    signature:
      kind === 'modifier' ? name : `${name}(${parameters.map((p) => plainType(typeOf(p))).join(',')})`,
    own,
  };
}

// Up to 0.4.x the constructor carries a flag, later a kind; the unnamed function is the fallback.
function kindOf(node: AstNode, contract: Contract | undefined): Callable['kind'] {
  if (node.nodeType === 'ModifierDefinition') return 'modifier';
  const kind = textOf(node, 'kind');
  if (node['isConstructor'] === true || kind === 'constructor') return 'constructor';
  if (kind === 'receive' || kind === 'fallback') return kind;
  if (!contract || kind === 'freeFunction') return 'free';
  return textOf(node, 'name') === '' ? 'fallback' : 'function';
}

function parametersOf(node: AstNode, field: string): AstNode[] {
  const list = childOf(node, field);
  return list ? childrenOf(list, 'parameters') : [];
}

/** @returns a type as the compiler prints it, without where its value lies. */
export function plainType(type: string): string {
  return type.replace(/ (memory|calldata|storage ref|storage pointer|storage)\b/g, '');
}
