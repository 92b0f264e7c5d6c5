import { fail } from './errors.ts';
import { suggestion } from './nearest.ts';
import type { SourceReader } from './source-reader.ts';

/**
 * Decides which file a compile is about and where the imports are followed from. Named: that file alone. One file
 * that no other imports: that one. Several: all files take part, and the entry is the file that declares the contract
 * asked for, else the last of the files that no other imports, by path.
 *
 * @throws AppError `entry-not-found`, `import-invalid`
 */
export function chooseEntry(options: {
  reader: SourceReader;
  entry: string | undefined;
  contract: string | undefined;
}): { entry: string; roots: readonly string[] } {
  const { reader, entry } = options;
  const { names } = reader;
  if (entry !== undefined) {
    if (reader.read(entry)) return { entry, roots: [entry] };
    const files = names.slice(0, 20).join(', ');
    throw fail('entry-not-found', { entry, files, suggestion: suggestion(entry, names) });
  }
  const [only] = names;
  if (names.length === 1 && only) return { entry: only, roots: [only] };

  const imported = new Set<string>();
  for (const name of names) {
    const file = reader.read(name);
    for (const target of file ? reader.targets(file) : [])
      if (target.name !== name) imported.add(target.name);
  }
  const roots = names.filter((name) => !imported.has(name));
  const [root] = roots;
  if (roots.length === 1 && root) return { entry: root, roots };
  const entryOf = declaring(reader, options.contract) ?? roots.at(-1) ?? (names.at(-1) as string);
  return { entry: entryOf, roots: names };
}

function declaring(reader: SourceReader, contract: string | undefined): string | undefined {
  if (contract === undefined) return undefined;
  const { file, name } = splitContract(contract);
  if (file !== undefined) return reader.read(file) ? file : undefined;
  return reader.names.find((one) => reader.read(one)?.facts.declarations.some((it) => it.name === name));
}

/** Takes `File.sol:Name` apart; a plain name has no file. */
export function splitContract(contract: string): { file: string | undefined; name: string } {
  const colon = contract.lastIndexOf(':');
  return colon < 0
    ? { file: undefined, name: contract }
    : { file: contract.slice(0, colon), name: contract.slice(colon + 1) };
}
