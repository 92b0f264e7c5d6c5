import { canonicalJson, sha256Hex } from '../lib/hash.ts';
import { bundledVersions } from './bundled-compilers.ts';
import { checkSources } from './check-sources.ts';
import { chooseCompiler, type Pragma, someCompilerFits } from './choose-compiler.ts';
import type { CompilerVersions } from './compiler-catalogue.ts';
import { resolveSources } from './resolve-sources.ts';
import { keepFacts } from './source-facts.ts';
import type { ReachedFile } from './source-reader.ts';
import type { CompileRequest, CompileSettings, PreparedCompile, StandardInput } from './types.ts';

/**
 * Turns a request into the exact compiler input: entry chosen, imports resolved, compiler and library versions chosen.
 * Pure but for the first read of a bundled library file.
 *
 * @param versions to choose the compiler from; the bundled ones by default
 * @throws AppError of `errors.ts` for sources, paths, imports, pragmas, remappings
 */
export function prepareCompile(
  request: CompileRequest,
  versions: CompilerVersions = { bundled: bundledVersions(), listed: [] },
): PreparedCompile {
  const { sources, contract } = request;
  checkSources(sources);
  const wanted = request.compiler === undefined ? [] : [request.compiler];
  const all = [...versions.bundled, ...versions.listed];
  const fits = (ranges: string[]) => someCompilerFits([...ranges, ...wanted], all);
  const { entry, files, libraries, remappings } = resolveSources(request, fits);
  const pragmas = distinctPragmas(files);
  const compiler = chooseCompiler({ pragmas, wanted: request.compiler, versions });
  const input = standardInput(files, { ...request.settings, remappings });
  const { dependencies, notes } = request;
  const ownFiles = files
    .filter((file) => file.own && !dependencies?.includes(file.name))
    .map((file) => file.name)
    .sort();
  return {
    compiler,
    entry,
    ownFiles,
    ...(contract === undefined ? {} : { contract }),
    input,
    inputHash: sha256Hex(
      canonicalJson({
        ...{ kind: 'build', compiler, entry, contract: contract ?? null, input },
        // Both are part of what a build says; without them the hash is as it was before there were any.
        ...(dependencies === undefined ? {} : { ownFiles }),
        ...(notes === undefined ? {} : { notes }),
      }),
    ),
    libraries,
    ...(notes === undefined ? {} : { notes }),
  };
}

/** A library repeats a handful of ranges; each is named with the first file that has it. */
function distinctPragmas(files: readonly ReachedFile[]): Pragma[] {
  const found = new Map<string, Pragma>();
  for (const { name: file, content: source, facts } of files)
    for (const pragma of facts.pragmas)
      if (!found.has(pragma.range)) found.set(pragma.range, { ...pragma, file, source });
  return [...found.values()];
}

function standardInput(files: ReachedFile[], settings: CompileSettings): StandardInput {
  const sources: StandardInput['sources'] = {};
  for (const { name, content, facts } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const source = { content };
    keepFacts(source, facts);
    sources[name] = source;
  }
  const { optimizer, viaIR, evmVersion, remappings, libraries, metadata, debug } = settings;
  const details = optimizer?.details;
  return {
    language: 'Solidity',
    sources,
    settings: {
      // On by default, as production code is: what is tested, sized and deployed should be one thing.
      optimizer: {
        enabled: optimizer?.enabled ?? true,
        runs: optimizer?.runs ?? 200,
        ...(details === undefined ? {} : { details }),
      },
      ...(viaIR === undefined ? {} : { viaIR }),
      ...(evmVersion === undefined ? {} : { evmVersion }),
      ...(remappings === undefined || remappings.length === 0 ? {} : { remappings }),
      ...(libraries === undefined ? {} : { libraries }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(debug === undefined ? {} : { debug }),
    },
  };
}
