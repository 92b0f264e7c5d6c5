import { AppError } from '../../../src/lib/app-error.ts';
import type { Artifact, Compiler, Diagnostic, PreparedCompile } from '../../../src/solidity/types.ts';
import type { CorpusPackage } from './corpus-package.ts';
import type { Project } from './package-files.ts';
import type { CompileUnit, Failure } from './plan-compiles.ts';

export interface UnitResult {
  artifacts: Artifact[];
  failures: Failure[];
  /** Milliseconds of the compiler's own calls. */
  compileMs: number;
}

/** One compile: the contracts of `targets`, or one of them, with `names` and what they import as sources. */
interface Attempt {
  names: readonly string[];
  targets: readonly string[];
  contract?: string;
}

type Answer =
  | { artifacts: Artifact[] }
  /** The compiler refused the sources. */
  | { errors: Diagnostic[] }
  /** Too much for one compile. */
  | { limit: AppError };

/** What a whole compile can run into where a part of it does not. */
const limitCodes = new Set([
  'compiler-timeout',
  'compiler-memory',
  'compiler-output-too-large',
  'compiler-crashed',
]);
/** Errors that code generation raises; all others are in the source itself, whichever contract is wanted. */
const generationErrors =
  /^(CompilerError|YulException|UnimplementedFeatureError|InternalCompilerError|Exception)$/;

/**
 * Compiles a unit, or checks it, through the compile service: as a whole, and where that fails in parts, down to single contracts,
 * so that one bad file does not hide the others. (A folder can be "too deep for the stack" where each contract is not.)
 */
export async function compileUnit(options: {
  pkg: CorpusPackage;
  project: Project;
  unit: CompileUnit;
  compiler: Compiler;
}): Promise<UnitResult> {
  const { pkg, project, unit, compiler } = options;
  const result: UnitResult = { artifacts: [], failures: [], compileMs: 0 };
  for (const targets of batches(unit)) await attempt({ names: unit.targets, targets });
  return result;

  async function attempt(wanted: Attempt): Promise<void> {
    const answer = await ask(wanted);
    if ('artifacts' in answer) result.artifacts.push(...answer.artifacts);
    else if (wanted.contract !== undefined) fail(wanted, answer);
    else if (wanted.targets.length === 1) await splitFile(wanted, answer);
    else if ('limit' in answer) {
      // The same sources, fewer contracts: the code stays the same to the byte.
      for (const targets of halves(wanted.targets)) await attempt({ ...wanted, targets });
    } else {
      for (const targets of withoutGuilty(wanted.targets, answer.errors))
        await attempt({ names: targets, targets });
    }
  }

  /** The files that reach no error apart from the others, or halves where none is free of one. */
  function withoutGuilty(targets: readonly string[], errors: Diagnostic[]): (readonly string[])[] {
    const guilty = new Set(errors.flatMap(({ place }) => (place ? [place.file] : [])));
    const isGuilty = (target: string) =>
      [...project.reach([target]).files.keys()].some((file) => guilty.has(file));
    const bad = targets.filter(isGuilty);
    if (bad.length === 0 || bad.length === targets.length) return halves(targets);
    return [targets.filter((target) => !bad.includes(target)), bad];
  }

  async function splitFile(
    wanted: Attempt,
    answer: Exclude<Answer, { artifacts: Artifact[] }>,
  ): Promise<void> {
    const [file = ''] = wanted.targets;
    const contracts = project.reach([file]).files.get(file)?.facts.declarations ?? [];
    const inSource = 'errors' in answer && answer.errors.some(({ type }) => !generationErrors.test(type));
    if (inSource || contracts.length < 2) return fail(wanted, answer);
    for (const { name } of contracts) await attempt({ ...wanted, contract: `${file}:${name}` });
  }

  function fail(wanted: Attempt, answer: Exclude<Answer, { artifacts: Artifact[] }>): void {
    const [file = ''] = wanted.targets;
    const cause = 'limit' in answer ? answer.limit.message : describe(answer.errors);
    const contract = wanted.contract?.slice(file.length + 1);
    result.failures.push({ file, ...(contract === undefined ? {} : { contract }), cause });
  }

  async function ask(wanted: Attempt): Promise<Answer> {
    try {
      const prepared = prepare(wanted);
      const outcome = unit.checkOnly
        ? { ...(await compiler.check(prepared)), artifacts: [] }
        : await compiler.compile(prepared);
      result.compileMs += outcome.compileMs;
      if (outcome.ok) return { artifacts: outcome.artifacts };
      return { errors: outcome.diagnostics.filter(({ severity }) => severity === 'error') };
    } catch (error) {
      if (error instanceof AppError && limitCodes.has(error.code)) return { limit: error };
      throw error;
    }
  }

  /** The service's own preparation, told which of all the sources the contracts are wanted of. */
  function prepare({ names, targets, contract }: Attempt): PreparedCompile {
    const { files } = project.reach(names);
    const { metadata, ...settings } = unit.settings;
    const prepared = compiler.prepare({
      sources: Object.fromEntries([...files].map(([name, { content }]) => [name, content])),
      compiler: unit.compiler,
      settings: { ...settings, ...(pkg.remappings ? { remappings: [...pkg.remappings] } : {}) },
    });
    const lost = targets.find((target) => !prepared.ownFiles.includes(target));
    if (lost !== undefined) throw new Error(`the compile service left ${lost} out`);
    const { input } = prepared;
    return {
      ...prepared,
      ownFiles: [...targets],
      ...(contract === undefined ? {} : { contract }),
      input: metadata ? { ...input, settings: { ...input.settings, metadata } } : input,
    };
  }
}

/** Code by way of Yul takes its time and memory: a whole project at once would be near the limits of one compile. */
function batches({ targets, settings, checkOnly }: CompileUnit): string[][] {
  const batchFiles = settings.viaIR && !checkOnly ? 24 : targets.length;
  return Array.from({ length: Math.ceil(targets.length / batchFiles) }, (_, index) =>
    targets.slice(index * batchFiles, (index + 1) * batchFiles),
  );
}

function halves<T>(list: readonly T[]): T[][] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

function describe(errors: readonly Diagnostic[]): string {
  const [first] = errors;
  if (!first) return 'refused without an error';
  const place = first.place ? `${first.place.file}:${first.place.line}: ` : '';
  return `${place}${first.type}: ${first.message.split('\n')[0]}`;
}
