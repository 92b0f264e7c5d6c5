import { canonicalJson, sha256Hex } from '../lib/hash.ts';
import { bundledVersions } from './bundled-compilers.ts';
import { checkSources } from './check-sources.ts';
import { chooseCompiler, someCompilerFits } from './choose-compiler.ts';
import { chooseEntry } from './entry.ts';
import { readRemappings } from './remappings.ts';
import { type ReachedFile, resolveImports } from './resolve-imports.ts';
import type { CompileRequest, CompileSettings, PreparedCompile, StandardInput } from './types.ts';

/**
 * Turns a request into the exact compiler input: entry chosen, imports resolved, compiler and library versions chosen.
 * Pure but for the first read of a bundled library file.
 *
 * @throws AppError of `errors.ts` for sources, paths, imports, pragmas, remappings
 */
export function prepareCompile(request: CompileRequest): PreparedCompile {
  const { sources, contract } = request;
  const versions = bundledVersions();
  checkSources(sources);
  const remappings = readRemappings(request.settings?.remappings ?? []);
  const { entry, roots } = chooseEntry({ sources, entry: request.entry, contract, remappings });
  const fits = (ranges: string[]) => someCompilerFits(ranges, versions);
  const { files, libraries } = resolveImports({ sources, roots, remappings, fits });
  const pragmas = files.flatMap((file) =>
    file.facts.pragmas.map((pragma) => ({ ...pragma, file: file.name, source: file.content })),
  );
  const compiler = chooseCompiler({ pragmas, wanted: request.compiler, versions });
  const input = standardInput(files, request.settings ?? {});
  return {
    compiler,
    entry,
    ownFiles: files
      .filter((file) => file.own)
      .map((file) => file.name)
      .sort(),
    ...(contract === undefined ? {} : { contract }),
    input,
    inputHash: sha256Hex(
      canonicalJson({ kind: 'build', compiler, entry, contract: contract ?? null, input }),
    ),
    libraries,
  };
}

function standardInput(files: ReachedFile[], settings: CompileSettings): StandardInput {
  const sources: StandardInput['sources'] = {};
  for (const { name, content } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1)))
    sources[name] = { content };
  const { optimizer, viaIR, evmVersion, remappings, libraries } = settings;
  return {
    language: 'Solidity',
    sources,
    settings: {
      // On by default, as production code is: what is tested, sized and deployed should be one thing.
      optimizer: { enabled: optimizer?.enabled ?? true, runs: optimizer?.runs ?? 200 },
      ...(viaIR === undefined ? {} : { viaIR }),
      ...(evmVersion === undefined ? {} : { evmVersion }),
      ...(remappings === undefined || remappings.length === 0 ? {} : { remappings }),
      ...(libraries === undefined ? {} : { libraries }),
    },
  };
}
