/** What the service tells its compiler process at start, as one JSON argument. */
export interface ProcessConfig {
  workers: number;
  /** Newest first; the first one is loaded at once and never dropped. */
  compilers: CompilerFile[];
  compileSeconds: number;
  memoryBytesMax: number;
  outputBytesMax: number;
  /** Seconds after which compilers that were not used are given up, all but the newest. */
  idleSeconds: number;
}

/** A compiler as npm delivers it: one `soljson.js`. */
export interface CompilerFile {
  version: string;
  path: string;
  sha256: string;
  wasmSha256?: string;
}

export type ToProcess = { type: 'compile'; id: number; version: string } | { type: 'cancel'; id: number };

export type FailureKind = 'timeout' | 'memory' | 'crashed' | 'output' | 'cancelled';

export type FromProcess =
  | { type: 'ready' }
  | { type: 'done'; id: number; compilerLong: string; compileMs: number }
  | { type: 'failed'; id: number; kind: FailureKind; detail: string };

/** A compiler taken apart: `module` is absent for the asm.js builds (0.4 and 0.5). */
export interface LoadedCompiler {
  glue: string;
  module?: WebAssembly.Module;
}

export type ToThread =
  | { type: 'load'; version: string; compiler: LoadedCompiler }
  | { type: 'compile'; version: string; input: Uint8Array<ArrayBuffer> };

export type FromThread =
  | { type: 'done'; output: Uint8Array<ArrayBuffer>; compilerLong: string; compileMs: number }
  | { type: 'failed'; detail: string }
  | { type: 'memory' };
