import { gte } from 'semver';
import { limits } from '../lib/limits.ts';
import { startCompilerProcess } from './compiler-process.ts';
import type { CompilerFile } from './process/messages.ts';
import { type OutputError, readStandardOutput } from './standard-output.ts';
import type { PreparedCompile } from './types.ts';

/** The compiler's model checker reads these settings from here on. */
export const proverSince = '0.8.7';
/** Invariants may be asked for, and what was proved is said, from these on. */
const invariantsSince = '0.8.10';
const provedSince = '0.8.20';

/** What is asked about one contract as it would stand on a chain. */
export interface ProofQuestion {
  file: string;
  contract: string;
  /** Of the model checker: `assert`, `overflow`, `underflow`, `divByZero`, … */
  targets: readonly string[];
  seconds: number;
  /** Other texts for some files, for this question only. */
  replaced?: Readonly<Record<string, string>>;
}

/** The compiler's diagnostics, or the limit that ended it. */
export type ProofAnswer =
  | { ok: true; errors: OutputError[] }
  | { ok: false; reason: 'time' | 'memory' | 'crashed'; detail: string };

export interface Prover {
  prove(question: ProofQuestion): Promise<ProofAnswer>;
  close(): Promise<void>;
}

/**
 * Opens the compiler's own model checker with its engine of constrained Horn clauses, whose solver (Z3) is part of the
 * WebAssembly build. It has no time limit of its own that works there, so it runs in an isolated process that serves
 * nobody else, and what runs too long is killed.
 *
 * @throws AppError `compiler-unavailable`
 */
export async function openProver(
  prepared: PreparedCompile,
  options: { compiler: CompilerFile; folders: readonly string[]; signal?: AbortSignal | undefined },
): Promise<Prover> {
  const { compiler, folders, signal } = options;
  const process = await startCompilerProcess({
    threads: 1,
    first: compiler,
    folders,
    idleSeconds: limits.toolSecondsMax,
    // The question's own limit ends it; this is for a thread that does not let go.
    compileSeconds: limits.toolSecondsMax,
    memoryBytesMax: limits.toolMemoryBytesMax,
    processBytesMax: limits.toolMemoryBytesMax,
  });

  async function prove(question: ProofQuestion): Promise<ProofAnswer> {
    const limit = AbortSignal.timeout(Math.round(question.seconds * 1_000));
    const input = Buffer.from(JSON.stringify(proofInput(prepared, question)), 'utf8');
    try {
      const either = signal ? AbortSignal.any([signal, limit]) : limit;
      const { output } = await process.run({ compiler, input }, either);
      return { ok: true, errors: readStandardOutput(output).errors ?? [] };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const detail = (error as Error).message;
      if (limit.aborted)
        return { ok: false, reason: 'time', detail: `no answer in ${Math.round(question.seconds)} s` };
      const { code } = error as { code?: string };
      return { ok: false, reason: code === 'compiler-memory' ? 'memory' : 'crashed', detail };
    }
  }

  return { prove, close: () => process.close() };
}

/** @returns standard JSON input that asks the model checker, and for as little else as can be */
function proofInput({ compiler, input }: PreparedCompile, question: ProofQuestion): unknown {
  const { file, contract, targets, replaced = {} } = question;
  const sources = Object.entries(input.sources).map(([path, source]) => [
    path,
    { content: replaced[path] ?? source.content },
  ]);
  return {
    language: input.language,
    sources: Object.fromEntries(sources),
    settings: {
      ...(input.settings.remappings ? { remappings: input.settings.remappings } : {}),
      ...(input.settings.evmVersion ? { evmVersion: input.settings.evmVersion } : {}),
      outputSelection: { [file]: { [contract]: ['abi'] } },
      modelChecker: {
        engine: 'chc',
        contracts: { [file]: [contract] },
        targets,
        solvers: ['z3'],
        showUnproved: true,
        ...(gte(compiler, invariantsSince) ? { invariants: ['contract', 'reentrancy'] } : {}),
        ...(gte(compiler, provedSince) ? { showProvedSafe: true } : {}),
      },
    },
  };
}
