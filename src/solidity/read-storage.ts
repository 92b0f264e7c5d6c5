import { invariant } from '../lib/invariant.ts';
import { fail } from './errors.ts';
import type { OutputSelection } from './output-selection.ts';
import type { StandardOutput } from './standard-output.ts';
import type { ContractStorage, StorageLayout } from './storage-layout.ts';
import type { AstNode, PreparedCompile } from './types.ts';

/** The file that names every namespace's struct, beside the sources. */
const probeFile = '__slipway_namespaces__.sol';

/** What is asked of the compiler for one contract's storage: no code is made. */
export function storageSelection({ file, contract }: { file: string; contract: string }): OutputSelection {
  return { '*': { '': ['ast'] }, [file]: { '': ['ast'], [contract]: ['storageLayout'] } };
}

/** A namespace (ERC-7201) of a contract or one of its parents. */
interface Namespace {
  id: string;
  file: string;
  contract: string;
  struct: string;
}

/**
 * Reads a contract's storage. The compiler lays out variables only, so the structs of namespaces are made variables of a
 * contract that stands beside the sources and is compiled with them once more.
 *
 * @param output of a run with `storageSelection`
 * @param run one more run, on other sources
 * @throws AppError `storage-layout-missing` where the compiler does not say (before 0.5.13)
 */
export async function readStorage(
  prepared: PreparedCompile,
  output: StandardOutput,
  options: {
    file: string;
    contract: string;
    run: (prepared: PreparedCompile, selection: OutputSelection) => Promise<StandardOutput>;
  },
): Promise<ContractStorage> {
  const { file, contract, run } = options;
  const roots = Object.entries(output.sources ?? {}).flatMap(([name, { ast }]) =>
    ast ? [{ name, ast }] : [],
  );
  const facts = readNodes(roots);
  const wanted = facts.contracts.find((one) => one.file === file && one.node['name'] === contract);
  const parents = new Set((wanted?.node['linearizedBaseContracts'] as number[] | undefined) ?? []);
  const namespaces = facts.contracts.filter(({ node }) => parents.has(node.id)).flatMap(namespacesOf);
  const { compiler } = prepared;
  const main = layoutOf(output, { compiler, file, contract });
  const storage: ContractStorage = { main, namespaces: {}, enums: facts.enums, renamed: facts.renamed };
  if (namespaces.length === 0) return storage;
  const probed = await run(withProbe(prepared, namespaces), { [probeFile]: { Probe: ['storageLayout'] } });
  const { storage: entries, types } = layoutOf(probed, { compiler, file: probeFile, contract: 'Probe' });
  for (const [at, { id, struct }] of namespaces.entries()) {
    const entry = entries[at];
    const members = entry ? types?.[entry.type]?.members : undefined;
    invariant(entry && members, `the struct of ${id} is laid out`);
    storage.namespaces[id] = { storage: [{ ...entry, label: struct, slot: '0' }], types };
  }
  return storage;
}

/** What is not said must not pass for an empty storage. */
function layoutOf(
  output: StandardOutput,
  { compiler, file, contract }: { compiler: string; file: string; contract: string },
): StorageLayout {
  const layout = output.contracts?.[file]?.[contract]?.storageLayout as StorageLayout | undefined;
  if (!layout) throw fail('storage-layout-missing', { compiler, contract });
  return layout;
}

function withProbe(prepared: PreparedCompile, namespaces: readonly Namespace[]): PreparedCompile {
  const imports = namespaces.map(
    ({ file, contract }, at) => `import {${contract} as C${at}} from ${JSON.stringify(file)};`,
  );
  const variables = namespaces.map(({ struct }, at) => `C${at}.${struct} s${at};`);
  const content = [...imports, 'contract Probe {', ...variables, '}', ''].join('\n');
  const { input } = prepared;
  return { ...prepared, input: { ...input, sources: { ...input.sources, [probeFile]: { content } } } };
}

interface DeclaredContract {
  file: string;
  node: AstNode;
}

function readNodes(roots: readonly { name: string; ast: AstNode }[]) {
  const contracts: DeclaredContract[] = [];
  const enums: Record<number, string[]> = {};
  const renamed: Record<number, string> = {};
  for (const { name: file, ast } of roots) {
    for (const node of nodesOf(ast)) {
      visit(node);
      if (node.nodeType !== 'ContractDefinition') continue;
      contracts.push({ file, node });
      for (const item of nodesOf(node)) {
        visit(item);
        if (item.nodeType === 'StructDefinition')
          for (const member of nodesOf(item, 'members')) visit(member);
      }
    }
  }
  return { contracts, enums, renamed };

  function visit(node: AstNode): void {
    if (node.nodeType === 'EnumDefinition')
      enums[node.id] = nodesOf(node, 'members').map((member) => String(member['name']));
    const before = /@custom:oz-renamed-from\s+(\S+)/.exec(documentationOf(node))?.[1];
    if (before) renamed[node.id] = before;
  }
}

function namespacesOf({ file, node }: DeclaredContract): Namespace[] {
  return nodesOf(node).flatMap((item) => {
    if (item.nodeType !== 'StructDefinition') return [];
    const id = /@custom:storage-location\s+(\S+)/.exec(documentationOf(item))?.[1];
    return id ? [{ id, file, contract: String(node['name']), struct: String(item['name']) }] : [];
  });
}

function nodesOf(node: AstNode, field = 'nodes'): AstNode[] {
  const value = node[field];
  return Array.isArray(value) ? (value as AstNode[]) : [];
}

/** @returns the comment above a declaration; the empty string where there is none */
export function documentationOf(node: AstNode): string {
  const value = node['documentation'] as { text?: string } | string | null | undefined;
  return typeof value === 'string' ? value : (value?.text ?? '');
}
