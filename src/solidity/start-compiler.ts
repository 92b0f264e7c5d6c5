import { limits } from '../lib/limits.ts';
import { buildOutcome } from './build-outcome.ts';
import { bundledFiles } from './bundled-compilers.ts';
import { declaredContracts, namedContract } from './choose-contract.ts';
import { createCatalogue } from './compiler-catalogue.ts';
import type { RawOutput } from './compiler-child.ts';
import { startCompilerProcess } from './compiler-process.ts';
import { readDiagnostics } from './diagnostics.ts';
import { type DownloadOptions, openDownloads } from './download-compilers.ts';
import { estimateReading } from './estimate-cost.ts';
import { openNativeCompilers } from './native-compilers.ts';
import {
  analyserSelection,
  astSelection,
  buildSelection,
  checkSelection,
  executableSelection,
  type OutputSelection,
} from './output-selection.ts';
import { prepareCompile } from './prepare.ts';
import type { CompilerFile } from './process/messages.ts';
import { openProver } from './prover.ts';
import { readExecutables, unoptimised } from './read-executables.ts';
import { readStorage, storageSelection } from './read-storage.ts';
import { rememberPrepared } from './remember-prepared.ts';
import { runBuild } from './run-build.ts';
import { createSchedule } from './schedule.ts';
import { withoutSmtChecker } from './smt-checker.ts';
import { sourceWarnings } from './source-warnings.ts';
import { readStandardOutput, type StandardOutput } from './standard-output.ts';
import type {
  AstNode,
  AstOutcome,
  CheckOutcome,
  CompileOutcome,
  Compiler,
  ExecutableOutcome,
  PreparedCompile,
  StorageOutcome,
} from './types.ts';

export interface CompilerOptions {
  /** Compiles that run at once, 2 by default; one more while all of them are long ones. */
  workers?: number;
  /** After which a thread lets go of compilers other than the newest, 300 by default. */
  idleSeconds?: number;
  /** Time limit of one run, `limits.compileSeconds` by default. */
  compileSeconds?: number;
  /** Heap limit of one run, `limits.compilerMemoryBytesMax` by default. */
  memoryBytesMax?: number;
  /** What the compiler process may hold after a compile, `limits.compilerProcessBytesMax` by default. */
  processBytesMax?: number;
  /** Where releases that are not bundled come from; without it there are the bundled ones only. */
  downloads?: Omit<DownloadOptions, 'now'>;
  /** A folder of native compilers. */
  nativeFolder?: string;
}

/**
 * Starts the compile service: one isolated process with warm compiler threads, and native compilers where the operator
 * gave some. Close it, or it keeps the service alive.
 *
 * @throws AppError `compiler-unavailable`, `native-compilers-unreadable`
 */
export async function startCompiler(options: CompilerOptions = {}): Promise<Compiler> {
  const workers = options.workers ?? 2;
  const compileSeconds = options.compileSeconds ?? limits.compileSeconds;
  const memoryBytesMax = options.memoryBytesMax ?? limits.compilerMemoryBytesMax;
  const now = () => performance.now();
  const downloads = options.downloads ? openDownloads({ ...options.downloads, now }) : null;
  const folder = options.nativeFolder;
  const natives = folder ? openNativeCompilers({ folder, compileSeconds, memoryBytesMax, now }) : null;
  const catalogue = createCatalogue({ downloads, natives });
  const folders = options.downloads ? [options.downloads.folder] : [];
  const compilerProcess = await startCompilerProcess({
    threads: workers,
    first: bundledFiles()[0] as CompilerFile,
    idleSeconds: options.idleSeconds ?? 300,
    folders,
    processBytesMax: options.processBytesMax ?? limits.compilerProcessBytesMax,
    ...{ compileSeconds, memoryBytesMax },
  }).catch((error: unknown) => {
    natives?.close();
    throw error;
  });
  const schedule = createSchedule({ places: workers, now });

  /** One run of the compiler, when it is its turn. */
  async function run(
    prepared: PreparedCompile,
    options: { selection: OutputSelection; costMs: number; signal: AbortSignal | undefined },
  ): Promise<RawOutput> {
    const { selection, costMs, signal } = options;
    const { compiler: version, input: stored } = prepared;
    const text = JSON.stringify({
      ...stored,
      settings: { ...stored.settings, ...withoutSmtChecker(prepared), outputSelection: selection },
    });
    const input = Buffer.from(text, 'utf8');
    const native = await natives?.find(version, runKnown);
    if (native) return schedule.run({ costMs, signal }, () => native(input, signal));
    const compiler = await catalogue.file(version);
    const work = () => compilerProcess.run({ compiler, input }, signal);
    return schedule.run({ costMs, signal }, work);
  }

  /** The WebAssembly build, which a native one is compared with. */
  async function runKnown(version: string, input: Uint8Array): Promise<RawOutput> {
    const compiler = await catalogue.file(version);
    return schedule.run({ costMs: 0 }, () => compilerProcess.run({ compiler, input }));
  }

  function read(prepared: PreparedCompile, purpose: 'check' | 'ast', options: ReadOptions) {
    const { signal, selection = purpose === 'check' ? checkSelection : astSelection } = options;
    return run(prepared, { selection, costMs: estimateReading(prepared, purpose), signal });
  }

  async function compile(
    prepared: PreparedCompile,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<CompileOutcome> {
    const declared = declaredContracts(prepared);
    let named: ReturnType<typeof namedContract>;
    try {
      named = namedContract(prepared, declared);
    } catch (error) {
      // Errors in the sources come first: a missing brace hides contracts from everybody.
      const raw = await read(prepared, 'check', { signal });
      const output = { ...raw, output: readStandardOutput(raw.output) };
      const outcome = buildOutcome({ prepared, declared, named: undefined, built: output });
      if (outcome.ok) throw error;
      return outcome;
    }
    // When one of several runs ends the build with an error, the others end too.
    const done = new AbortController();
    const either = signal ? AbortSignal.any([signal, done.signal]) : done.signal;
    try {
      const built = await runBuild({
        ...{ prepared, declared, named },
        shards: workers,
        run: (selection, costMs) => run(prepared, { selection, costMs, signal: either }),
      });
      return buildOutcome({ prepared, declared, named, built });
    } finally {
      done.abort();
    }
  }

  /** What both ways of looking at sources give that make no code. */
  async function look(prepared: PreparedCompile, purpose: 'check' | 'ast', options: ReadOptions) {
    const { output: bytes, compilerLong, compileMs } = await read(prepared, purpose, options);
    const output = readStandardOutput(bytes);
    const diagnostics = readDiagnostics(output.errors ?? [], prepared);
    const ok = !diagnostics.some((one) => one.severity === 'error');
    return { output, seen: { ok, prepared, compilerLong, diagnostics, compileMs } };
  }

  async function ast(
    prepared: PreparedCompile,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<AstOutcome> {
    const { output, seen } = await look(prepared, 'ast', { signal });
    return { ...seen, asts: seen.ok ? astsOf(output) : {}, errors: output.errors ?? [] };
  }

  async function executables(
    prepared: PreparedCompile,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<ExecutableOutcome> {
    const selection = executableSelection(prepared);
    let last = await look(unoptimised(prepared), 'ast', { signal, selection });
    if (!last.seen.ok) last = await look(prepared, 'ast', { signal, selection });
    const { output, seen } = last;
    return {
      ...seen,
      asts: seen.ok ? astsOf(output) : {},
      errors: output.errors ?? [],
      executables: seen.ok ? readExecutables(output, prepared) : [],
    };
  }

  async function storage(
    prepared: PreparedCompile,
    { file, contract, signal }: { file: string; contract: string; signal?: AbortSignal },
  ): Promise<StorageOutcome> {
    const selection = storageSelection({ file, contract });
    const { output, seen } = await look(prepared, 'ast', { signal, selection });
    const errors = output.errors ?? [];
    if (!seen.ok) return { ...seen, errors, asts: {}, storage: null };
    const found = await readStorage(prepared, output, {
      ...{ file, contract },
      run: async (other, wanted) => (await look(other, 'ast', { signal, selection: wanted })).output,
    });
    return { ...seen, errors, asts: astsOf(output), storage: found };
  }

  async function check(
    prepared: PreparedCompile,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<CheckOutcome> {
    const { seen } = await look(prepared, 'check', { signal });
    seen.diagnostics.push(...sourceWarnings(prepared));
    return seen;
  }

  async function output(
    prepared: PreparedCompile,
    { want, signal }: { want: 'trees' | 'code'; signal?: AbortSignal | undefined },
  ): Promise<StandardOutput> {
    const costMs = estimateReading(prepared, 'ast') * (want === 'code' ? 2 : 1);
    const raw = await run(prepared, { selection: analyserSelection(prepared, want), costMs, signal });
    return readStandardOutput(raw.output);
  }

  /** One small compile in every thread: WebAssembly is compiled in earnest only when its functions run. */
  async function warm(): Promise<void> {
    const prepared = prepareCompile({ sources: { 'Warm.sol': warmSource } });
    const selection = buildSelection(prepared, undefined);
    const one = () => run(prepared, { selection, costMs: 0, signal: undefined });
    await Promise.all(Array.from({ length: workers }, one));
  }

  return {
    prepare: rememberPrepared(catalogue.versions),
    ...{ compile, ast, executables, storage, check, output, warm },
    async openProver(prepared, { signal } = {}) {
      return openProver(prepared, { compiler: await catalogue.file(prepared.compiler), folders, signal });
    },
    compilers: () => catalogue.entries(),
    learn: (error) => catalogue.learn(error),
    async close() {
      await compilerProcess.close();
      natives?.close();
    },
    health() {
      const problem = compilerProcess.problem();
      const asides = [downloads?.problem(), ...(natives?.problems() ?? [])].filter(
        (one) => one !== undefined,
      );
      return {
        ok: problem === undefined,
        workers,
        processId: compilerProcess.processId(),
        detail: problem ?? ['running', ...asides].join('; '),
      };
    },
  };
}

interface ReadOptions {
  signal: AbortSignal | undefined;
  selection?: OutputSelection;
}

function astsOf({ sources = {} }: StandardOutput): Record<string, AstNode> {
  return Object.fromEntries(Object.entries(sources).flatMap(([file, { ast }]) => (ast ? [[file, ast]] : [])));
}

const warmSource = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Warm is ERC20 {
  constructor() ERC20("Warm", "W") { _mint(msg.sender, 1); }
}`;
