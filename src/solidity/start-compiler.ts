import { hashJson } from '../lib/hash.ts';
import { limits } from '../lib/limits.ts';
import { buildOutcome } from './build-outcome.ts';
import { bundledCompilers, bundledVersions } from './bundled-compilers.ts';
import { declaredContracts, namedContract } from './choose-contract.ts';
import {
  type CompilerProcess,
  type ProcessOptions,
  type RawOutput,
  startCompilerProcess,
} from './compiler-process.ts';
import { readDiagnostics } from './diagnostics.ts';
import { libraries } from './libraries/index.ts';
import { astSelection, buildSelection, checkSelection, type OutputSelection } from './output-selection.ts';
import { prepareCompile } from './prepare.ts';
import { readStandardOutput } from './standard-output.ts';
import type { AstNode, AstOutcome, CompileOutcome, Compiler, PreparedCompile } from './types.ts';

/**
 * Starts the compile service: one isolated process with warm compiler threads. Close it, or it keeps the service alive.
 *
 * @param options.workers compiles that run at once, 2 by default
 * @param options.idleSeconds after which a thread lets go of compilers other than the newest, 300 by default
 * @param options.compileSeconds time limit of one compile, `limits.compileSeconds` by default
 * @param options.memoryBytesMax heap limit of one compile, `limits.compilerMemoryBytesMax` by default
 * @throws AppError `compiler-unavailable`
 */
export async function startCompiler(options: Partial<ProcessOptions> = {}): Promise<Compiler> {
  const workers = options.workers ?? 2;
  const compilerProcess = await startCompilerProcess({
    workers,
    idleSeconds: options.idleSeconds ?? 300,
    compileSeconds: options.compileSeconds ?? limits.compileSeconds,
    memoryBytesMax: options.memoryBytesMax ?? limits.compilerMemoryBytesMax,
  });
  const catalogue = hashJson({
    compilers: bundledCompilers.map(({ version, sha256 }) => ({ version, sha256 })),
    libraries: libraries.map(({ name, version }) => ({ name, version })),
  });

  return {
    prepare: prepareCompile,
    compile: (prepared, { signal } = {}) => compile(compilerProcess, prepared, signal),
    ast: (prepared, { signal } = {}) => ast(compilerProcess, prepared, signal),
    versions: bundledVersions,
    catalogueHash: () => catalogue,
    warm: () => warm(compilerProcess, workers),
    close: () => compilerProcess.close(),
    health() {
      const problem = compilerProcess.problem();
      const processId = compilerProcess.processId();
      return { ok: problem === undefined, workers, processId, detail: problem ?? 'running' };
    },
  };
}

async function compile(
  compilerProcess: CompilerProcess,
  prepared: PreparedCompile,
  signal: AbortSignal | undefined,
): Promise<CompileOutcome> {
  const declared = declaredContracts(prepared);
  let named: ReturnType<typeof namedContract>;
  try {
    named = namedContract(prepared, declared);
  } catch (error) {
    // Errors in the sources come first: a missing brace hides contracts from everybody.
    const raw = await run(compilerProcess, prepared, { selection: checkSelection, signal });
    const outcome = buildOutcome({ prepared, declared, named: undefined, raw });
    if (outcome.ok) throw error;
    return outcome;
  }
  const raw = await run(compilerProcess, prepared, { selection: buildSelection(prepared, named), signal });
  return buildOutcome({ prepared, declared, named, raw });
}

async function ast(
  compilerProcess: CompilerProcess,
  prepared: PreparedCompile,
  signal: AbortSignal | undefined,
): Promise<AstOutcome> {
  const raw = await run(compilerProcess, prepared, { selection: astSelection, signal });
  const output = readStandardOutput(raw.output);
  const diagnostics = readDiagnostics(output.errors ?? [], prepared.input.sources);
  const ok = !diagnostics.some((one) => one.severity === 'error');
  const asts: Record<string, AstNode> = {};
  if (ok) {
    for (const [file, source] of Object.entries(output.sources ?? {}))
      if (source.ast) asts[file] = source.ast;
  }
  return { ok, prepared, compilerLong: raw.compilerLong, asts, diagnostics, compileMs: raw.compileMs };
}

function run(
  compilerProcess: CompilerProcess,
  prepared: PreparedCompile,
  options: { selection: OutputSelection; signal: AbortSignal | undefined },
): Promise<RawOutput> {
  const { input } = prepared;
  const settings = { ...input.settings, outputSelection: options.selection };
  const text = JSON.stringify({ ...input, settings });
  return compilerProcess.run(prepared.compiler, Buffer.from(text, 'utf8'), options.signal);
}

/** One small compile in every thread: WebAssembly is compiled in earnest only when its functions run. */
async function warm(compilerProcess: CompilerProcess, workers: number): Promise<void> {
  const prepared = prepareCompile({ sources: { 'Warm.sol': warmSource } });
  const selection = buildSelection(prepared, undefined);
  await Promise.all(
    Array.from({ length: workers }, () => run(compilerProcess, prepared, { selection, signal: undefined })),
  );
}

const warmSource = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Warm is ERC20 {
  constructor() ERC20("Warm", "W") { _mint(msg.sender, 1); }
}`;
