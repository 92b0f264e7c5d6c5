import type { Prover } from './prover.ts';
import type { OutputError, StandardOutput } from './standard-output.ts';
import type { ContractStorage } from './storage-layout.ts';

/** Path → Solidity source text. Paths are relative, with forward slashes, and stay inside the sources. */
export type Sources = Readonly<Record<string, string>>;

/** What a caller may set of the compiler (standard JSON names). */
export interface CompileSettings {
  optimizer?: { enabled?: boolean; runs?: number; details?: OptimizerDetails };
  viaIR?: boolean;
  evmVersion?: string;
  remappings?: string[];
  /** file → library → address, as in standard JSON. */
  libraries?: Record<string, Record<string, string>>;
  metadata?: MetadataSettings;
  debug?: { revertStrings?: 'default' | 'strip' | 'debug' | 'verboseDebug' };
}

/** The steps of the optimizer, each on its own; the compiler knows what is left out. */
export interface OptimizerDetails {
  peephole?: boolean;
  inliner?: boolean;
  jumpdestRemover?: boolean;
  orderLiterals?: boolean;
  deduplicate?: boolean;
  cse?: boolean;
  constantOptimizer?: boolean;
  simpleCounterForLoopUncheckedIncrement?: boolean;
  yul?: boolean;
  yulDetails?: { stackAllocation?: boolean; optimizerSteps?: string };
}

/** What the compiler appends to the bytecode, and what stands in the metadata that it hashes. */
export type MetadataSettings = {
  bytecodeHash?: 'ipfs' | 'bzzr1' | 'none';
  useLiteralContent?: boolean;
  appendCBOR?: boolean;
};

/** Something that was decided for the caller, such as how a project was read; shown as a diagnostic `info`. */
export interface RequestNote {
  message: string;
  place?: DiagnosticPlace;
}

export interface CompileRequest {
  sources: Sources;
  /** The file that was asked for; when absent the only file, or the one that no other source imports. */
  entry?: string;
  /** Name of the contract wanted, or `File.sol:Name`; when absent the last concrete one of the entry file. */
  contract?: string;
  /** Exact version (`0.8.37`), a semver range, or nothing: the highest bundled one that fits every pragma reached. */
  compiler?: string;
  settings?: CompileSettings;
  /** Which of the sources are other people's: no code is made for them on their own, and no audit reports on them. */
  dependencies?: string[];
  /** Library name → version range that a project asks for; its sources decide where they need another. */
  libraryVersions?: Record<string, string>;
  notes?: RequestNote[];
}

/** Standard JSON input without its output selection, which the compile service adds by need. */
export interface StandardInput {
  language: 'Solidity';
  sources: Record<string, { content: string }>;
  settings: {
    optimizer: { enabled: boolean; runs: number; details?: OptimizerDetails };
    viaIR?: boolean;
    evmVersion?: string;
    remappings?: string[];
    libraries?: Record<string, Record<string, string>>;
    metadata?: MetadataSettings;
    debug?: NonNullable<CompileSettings['debug']>;
  };
}

/** A bundled library that the sources reached, and why that version. */
export interface LibraryUse {
  /** npm name as imported, e.g. `@openzeppelin/contracts`. */
  name: string;
  version: string;
  /** SPDX identifier of what is compiled in, such as `AGPL-3.0-only`. */
  licence: string;
  reason: string;
}

/** A compile with every import resolved and the compiler chosen: pure data, hashed for the cache. */
export interface PreparedCompile {
  /** Exact version, e.g. `0.8.37`. */
  compiler: string;
  entry: string;
  /** The caller's own files (not bundled libraries): what an audit reports on. */
  ownFiles: string[];
  contract?: string;
  input: StandardInput;
  /** SHA-256 over compiler version, output wanted and canonical input. */
  inputHash: string;
  libraries: LibraryUse[];
  notes?: RequestNote[];
}

export interface DiagnosticPlace {
  file: string;
  /** From 1. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** The source line(s) with carets underneath. */
  excerpt: string;
}

export interface Diagnostic {
  severity: 'error' | 'warning' | 'info';
  /** The compiler's own error code (e.g. `7576`) or ours. */
  code?: string;
  /** e.g. `DeclarationError`. */
  type: string;
  message: string;
  place?: DiagnosticPlace;
  secondary: { message: string; place?: DiagnosticPlace }[];
  hint?: string;
}

export type AbiParameter = {
  name?: string;
  type: string;
  internalType?: string;
  components?: AbiParameter[];
  indexed?: boolean;
};
export type AbiItem = {
  type: string;
  name?: string;
  inputs?: AbiParameter[];
  outputs?: AbiParameter[];
  stateMutability?: string;
  anonymous?: boolean;
  [key: string]: unknown;
};
export type Hex = `0x${string}`;
/** Byte ranges by AST id (immutables) or by file and library (links), as in standard JSON. */
export type ImmutableReferences = Record<string, { start: number; length: number }[]>;
export type LinkReferences = Record<string, Record<string, { start: number; length: number }[]>>;

/** One contract of a build. */
export interface Artifact {
  file: string;
  contract: string;
  abi: AbiItem[];
  /** Creation bytecode; `0x` for interfaces and abstract contracts. Unlinked places hold the compiler's placeholders. */
  creationBytecode: Hex;
  runtimeBytecode: Hex;
  immutableReferences: ImmutableReferences;
  creationLinkReferences: LinkReferences;
  storageLayout: unknown;
  methodIdentifiers: Record<string, string>;
  gasEstimates: unknown;
  userdoc: unknown;
  devdoc: unknown;
  /** The metadata JSON text exactly as the compiler gave it. */
  metadata: string;
  creationBytes: number;
  runtimeBytes: number;
}

/** The result of a compile. Errors in the source are a result, not an exception. */
export interface CompileOutcome {
  ok: boolean;
  prepared: PreparedCompile;
  /** Long version with commit, e.g. `0.8.37+commit.…`. */
  compilerLong: string;
  artifacts: Artifact[];
  diagnostics: Diagnostic[];
  /** The contract chosen: the one named, else the last concrete one of the entry file. */
  chosen?: { file: string; contract: string };
  /** All concrete contracts of the caller's own files, `file:Name`. */
  candidates: string[];
  compileMs: number;
}

/** The typed ASTs for the audit; `ok` false when the compiler refused the sources. */
export interface AstOutcome {
  ok: boolean;
  prepared: PreparedCompile;
  compilerLong: string;
  /** file → AST root (`SourceUnit`), compact JSON form. */
  asts: Record<string, AstNode>;
  diagnostics: Diagnostic[];
  /** The compiler's messages as it gave them, with places in bytes. */
  errors: readonly OutputError[];
  compileMs: number;
}

/** A contract that can be run, and by which a run can be followed back to the source. */
export interface Executable {
  file: string;
  contract: string;
  abi: AbiItem[];
  /** `0x` for interfaces and abstract contracts. Unlinked places hold the compiler's placeholders. */
  creationBytecode: Hex;
  runtimeBytecode: Hex;
  /** Compressed mapping from the runtime code to the sources; file numbers are those in the trees' `src`. */
  runtimeSourceMap: string;
  creationLinkReferences: LinkReferences;
}

/** Trees, and the code that was made from these very trees. */
export interface ExecutableOutcome extends AstOutcome {
  executables: Executable[];
}

/** What upgrades are checked by: the trees, and one contract's storage; `storage` null when the sources were refused. */
export interface StorageOutcome extends AstOutcome {
  storage: ContractStorage | null;
}

/** A node of the compiler's compact AST. Fields depend on `nodeType`; `src` is `start:length:fileIndex` in bytes. */
export interface AstNode {
  id: number;
  nodeType: string;
  src: string;
  [field: string]: unknown;
}

/** What a check says: the compiler's own errors and warnings, no code. */
export interface CheckOutcome {
  ok: boolean;
  prepared: PreparedCompile;
  compilerLong: string;
  diagnostics: Diagnostic[];
  compileMs: number;
}

/** A compiler that can be asked for. */
export interface CompilerEntry {
  version: string;
  /** `bundled`: came with us. `downloaded`: kept on this machine. `listed`: fetched when it is first needed. */
  source: 'bundled' | 'downloaded' | 'listed';
  /** Whether the operator gave a native one too. */
  native: boolean;
}

/** The compile service: one isolated compiler process with warm workers. */
export interface Compiler {
  /** Resolves imports and pragmas; pure, no compile. @throws AppError for imports, pragmas, paths. */
  prepare(request: CompileRequest): PreparedCompile;
  /** Compiles for a build. @throws AppError `compiler-timeout`, `compiler-memory`, `compiler-crashed`, `contract-not-found`. */
  compile(prepared: PreparedCompile, options?: { signal?: AbortSignal }): Promise<CompileOutcome>;
  /** The ASTs of every file reached, no code generation. */
  ast(prepared: PreparedCompile, options?: { signal?: AbortSignal }): Promise<AstOutcome>;
  /**
   * Trees, and code of the caller's own contracts without the optimizer, which would merge what stands apart in the
   * source; with it where the code does not fit without.
   */
  executables(prepared: PreparedCompile, options?: { signal?: AbortSignal }): Promise<ExecutableOutcome>;
  /** The trees and the storage of one contract, no code generation. */
  storage(
    prepared: PreparedCompile,
    options: { file: string; contract: string; signal?: AbortSignal },
  ): Promise<StorageOutcome>;
  /** Its own words for analysers that read them: trees and interfaces, or the code with its source maps as well. */
  output(
    prepared: PreparedCompile,
    options: { want: 'trees' | 'code'; signal?: AbortSignal | undefined },
  ): Promise<StandardOutput>;
  /** Its model checker, in an isolated process of its own. @throws AppError `compiler-unavailable` */
  openProver(prepared: PreparedCompile, options?: { signal?: AbortSignal | undefined }): Promise<Prover>;
  /** Errors and warnings as the compiler finds them before it makes code: what an editor shows. */
  check(prepared: PreparedCompile, options?: { signal?: AbortSignal }): Promise<CheckOutcome>;
  /** Every compiler that is here or can be had, the bundled ones first, newest first. */
  compilers(): CompilerEntry[];
  /**
   * After `prepare` found no compiler: asks the official list, where that is allowed and was not done lately.
   * @returns whether it is worth preparing again
   */
  learn(error: unknown): Promise<boolean>;
  /** Loads and warms the newest compiler; resolves when the first compile would be fast. */
  warm(): Promise<void>;
  health(): { ok: boolean; workers: number; processId: number | undefined; detail: string };
  close(): Promise<void>;
}
