import { fail } from './errors.ts';
import { suggestion } from './nearest.ts';
import type { Remapping } from './remappings.ts';
import { resolveName } from './resolve-imports.ts';
import { type SourceFacts, sourceFacts } from './source-facts.ts';
import type { Sources } from './types.ts';

/**
 * Decides which file a compile is about and where the imports are followed from. Named: that file alone. One file
 * that no other imports: that one. Several: all files take part, and the entry is the file that declares the contract
 * asked for, else the last of the files that no other imports, by path.
 *
 * @throws AppError `entry-not-found`, `import-invalid`
 */
export function chooseEntry(options: {
  sources: Sources;
  entry: string | undefined;
  contract: string | undefined;
  remappings: readonly Remapping[];
}): { entry: string; roots: string[] } {
  const { sources, entry } = options;
  const names = Object.keys(sources).sort();
  if (entry !== undefined) {
    if (Object.hasOwn(sources, entry)) return { entry, roots: [entry] };
    const files = names.slice(0, 20).join(', ');
    throw fail('entry-not-found', { entry, files, suggestion: suggestion(entry, names) });
  }
  const [only] = names;
  if (names.length === 1 && only) return { entry: only, roots: [only] };

  const facts = new Map(names.map((name) => [name, sourceFacts(sources[name] as string)]));
  const imported = new Set<string>();
  for (const [name, own] of facts) {
    const file = { name, content: sources[name] as string, facts: own, own: true };
    for (const one of own.imports) {
      const target = resolveName(file, one, options.remappings);
      if (target !== name) imported.add(target);
    }
  }
  const roots = names.filter((name) => !imported.has(name));
  const [root] = roots;
  if (roots.length === 1 && root) return { entry: root, roots };
  const entryOf = declaring(facts, options.contract) ?? roots.at(-1) ?? (names.at(-1) as string);
  return { entry: entryOf, roots: names };
}

function declaring(facts: Map<string, SourceFacts>, contract: string | undefined): string | undefined {
  if (contract === undefined) return undefined;
  const { file, name } = splitContract(contract);
  if (file !== undefined) return facts.has(file) ? file : undefined;
  return [...facts].find(([, one]) => one.declarations.some((declared) => declared.name === name))?.[0];
}

/** Takes `File.sol:Name` apart; a plain name has no file. */
export function splitContract(contract: string): { file: string | undefined; name: string } {
  const colon = contract.lastIndexOf(':');
  return colon < 0
    ? { file: undefined, name: contract }
    : { file: contract.slice(0, colon), name: contract.slice(colon + 1) };
}
