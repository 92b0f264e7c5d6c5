import { AppError } from '../../lib/app-error.ts';
import { limits } from '../../lib/limits.ts';
import { fail } from '../errors.ts';
import type { AstOutcome, CompileRequest, Compiler, Diagnostic, PreparedCompile } from '../types.ts';
import { annotate, callablesOf } from './annotate.ts';
import { contractsOf, keepOnly, type OnePart } from './contract-alone.ts';
import { faultsOf } from './faults.ts';
import { type LeftOut, reduceSources } from './leave-out.ts';
import { prepareLeniently } from './missing-imports.ts';
import { olderReaders } from './stand-in.ts';

/** The trees of as much of some sources as can be looked at. */
export interface PartsOutcome {
  /**
   * One for sources that compile together, more where they do not; empty when nothing at all could be looked at. A file may
   * be among the own files of several.
   */
  parts: AstOutcome[];
  /** What is in none of them. Empty when the sources compile as they are. */
  leftOut: LeftOut[];
  /** Of the sources as they were given. */
  diagnostics: Diagnostic[];
}

interface Options {
  signal?: AbortSignal;
}

/**
 * Reads the trees of sources, and where they do not compile as a whole those of their parts: imports that lead nowhere are
 * left out, then the bodies of functions that have errors, then whole functions, contracts and files; what cannot be
 * compiled together is compiled file by file, and contract by contract.
 *
 * @throws AppError what `Compiler.prepare` and `Compiler.ast` throw, when no file of the sources can be looked at
 */
export async function readParts(
  compiler: Pick<Compiler, 'prepare' | 'ast' | 'learn'>,
  request: CompileRequest,
  options: Options = {},
): Promise<PartsOutcome> {
  const read = async (wanted: CompileRequest) => {
    const { prepared, request: readable, leftOut } = await prepareLeniently(compiler, wanted);
    const found = await readPreparedParts(compiler, prepared, options);
    const older =
      found.leftOut.length > 0 && (await readByOlder(compiler, readable, { ...options, newest: prepared }));
    return { ...(older || found), leftOut: [...leftOut, ...(older || found).leftOut] };
  };
  const { dependencies = [], sources } = request;
  const files = Object.keys(sources).filter((file) => !dependencies.includes(file));
  const together = await read(request).catch((error: unknown) => {
    if (!isOfSources(error) || files.length < 2) throw error;
    return error;
  });
  const isError = together instanceof AppError;
  if (files.length < 2 || (!isError && together.parts.length > 0)) return together as PartsOutcome;
  const covered = new Set<string>();
  const items = files.sort().map((file) => ({ file }));
  const apart = await readEach(items, async ({ file }) => {
    if (covered.has(file)) return undefined;
    const one = await read({ ...request, entry: file });
    for (const { prepared } of one.parts) for (const own of prepared.ownFiles) covered.add(own);
    return one;
  });
  if (apart.parts.length > 0) return apart;
  if (isError) throw together;
  return together;
}

/**
 * The same for an input whose imports are resolved.
 *
 * @throws AppError `compiler-timeout`, `compiler-memory`, `compiler-crashed`, when no contract can be looked at
 */
export async function readPreparedParts(
  compiler: Pick<Compiler, 'ast'>,
  prepared: PreparedCompile,
  options: Options = {},
): Promise<PartsOutcome> {
  try {
    return await reduce(compiler, prepared, options);
  } catch (error) {
    if (!isOfSources(error)) throw error;
    const contracts = contractsOf(prepared);
    if (contracts.length < 2 || contracts.length > limits.contractsApartMax) throw error;
    const found = await readEach(contracts, (one) => reduce(compiler, keepOnly(prepared, one), options));
    if (found.parts.length === 0) throw error;
    return found;
  }
}

/** What may be meant for several series and not for the newest: read by the first older one that takes all of it. */
async function readByOlder(
  compiler: Pick<Compiler, 'prepare' | 'ast'>,
  request: CompileRequest,
  { newest, ...options }: Options & { newest: PreparedCompile },
): Promise<PartsOutcome | undefined> {
  if (request.compiler !== undefined) return undefined;
  for (const version of olderReaders(newest)) {
    try {
      const prepared = compiler.prepare({ ...request, compiler: version });
      const outcome = await compiler.ast(prepared, options);
      if (outcome.ok) return { parts: [outcome], leftOut: [], diagnostics: outcome.diagnostics };
    } catch (error) {
      if (!isOfSources(error)) throw error;
    }
  }
  return undefined;
}

/** Leaves out what has errors until the rest compiles. */
async function reduce(
  compiler: Pick<Compiler, 'ast'>,
  prepared: PreparedCompile,
  options: Options,
): Promise<PartsOutcome> {
  const first = await compiler.ast(prepared, options);
  if (first.ok) return { parts: [first], leftOut: [], diagnostics: first.diagnostics };
  const { diagnostics } = first;
  const texts = Object.entries(prepared.input.sources).map(([file, { content }]) => [file, content]);
  const reduction = reduceSources(Object.fromEntries(texts));
  let outcome = first;
  for (let round = 0; !outcome.ok && round < limits.partialRoundsMax; round++) {
    const faults = faultsOf(outcome.errors, reduction.texts);
    // Near the end there is no time left for small steps.
    const isLate = round >= limits.partialRoundsMax - lateRounds;
    if (!(isLate ? reduction.leaveOutWhole(faults) : reduction.leaveOut(faults))) break;
    outcome = await compiler.ast(withTexts(prepared, reduction.texts), options);
  }
  // What was mended by leaving out nothing that has a name did not compile as it was given all the same.
  const leftOut = reduction.leftOut.length > 0 ? reduction.leftOut : erroneous(diagnostics);
  if (!outcome.ok) return { parts: [], leftOut, diagnostics };
  annotate(outcome.asts, reduction);
  return { parts: hasCode(outcome) ? [outcome] : [], leftOut, diagnostics };
}

const lateRounds = 6;

/** The places of the errors, each as a part that was left out. */
function erroneous(diagnostics: readonly Diagnostic[]): LeftOut[] {
  return diagnostics.flatMap(({ severity, place, message: reason }) =>
    severity === 'error' && place ? [{ file: place.file, line: place.line, what: 'a part', reason }] : [],
  );
}

function withTexts(prepared: PreparedCompile, texts: ReadonlyMap<string, string>): PreparedCompile {
  const sources = Object.fromEntries([...texts].map(([file, content]) => [file, { content }]));
  return { ...prepared, input: { ...prepared.input, sources } };
}

/** Whether there is a function of the caller's own to look at. */
function hasCode({ asts, prepared }: AstOutcome): boolean {
  return prepared.ownFiles.some((file) => {
    const root = asts[file];
    return root !== undefined && callablesOf(root).some(({ body }) => body !== undefined && body !== null);
  });
}

/** One after the other; what fails alone is left out by itself. */
async function readEach(
  items: readonly OnePart[],
  read: (item: OnePart) => Promise<PartsOutcome | undefined>,
): Promise<PartsOutcome> {
  const until = performance.now() + limits.partsSeconds * 1_000;
  const found: PartsOutcome = { parts: [], leftOut: [], diagnostics: [] };
  for (const item of items) {
    try {
      if (performance.now() > until) throw fail('parts-timeout', { seconds: limits.partsSeconds });
      const one = await read(item);
      if (!one) continue;
      found.parts.push(...one.parts);
      found.leftOut.push(...one.leftOut);
      found.diagnostics.push(...one.diagnostics);
    } catch (error) {
      if (!isOfSources(error)) throw error;
      const what = item.contract === undefined ? 'the whole file' : `contract ${item.contract}`;
      found.leftOut.push({ ...item, line: 1, what, reason: error.message });
    }
  }
  const leftOut = new Map(found.leftOut.map((one) => [JSON.stringify(one), one]));
  return {
    parts: found.parts,
    leftOut: [...leftOut.values()],
    diagnostics: found.diagnostics.slice(0, limits.diagnosticsMax),
  };
}

/** What the sources themselves bring about, rather than the request or the service. */
function isOfSources(error: unknown): error is AppError {
  const codes =
    /^(import|imports|library|pragma|pragmas|parts)-|^compiler-(timeout|memory|crashed|output-too-large)$/;
  return error instanceof AppError && codes.test(error.code);
}
