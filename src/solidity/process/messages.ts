/** What the service tells its compiler process at start, as one JSON argument. */
export interface ProcessConfig {
  /** Threads that stay when they have nothing to do. */
  threads: number;
  /** Threads when a small compile must not wait behind large ones. */
  threadsMax: number;
  /** Loaded at once and never dropped. */
  first: CompilerFile;
  /** Compilers held at a time, the first one included. */
  compilersMax: number;
  compileSeconds: number;
  memoryBytesMax: number;
  outputBytesMax: number;
  /** Seconds after which compilers that were not used are given up, all but the first. */
  idleSeconds: number;
}

/** A compiler as npm and the official list deliver it: one `soljson.js`, whose digest is checked when it is read. */
export interface CompilerFile {
  version: string;
  path: string;
  sha256: string;
  /** Of the WebAssembly that we unpack from it: a wrong byte there could compile contracts wrongly. */
  wasmSha256?: string;
}

export type ToProcess =
  | { type: 'compile'; id: number; compiler: CompilerFile }
  | { type: 'cancel'; id: number };

export type FailureKind = 'timeout' | 'memory' | 'crashed' | 'output' | 'cancelled';

export type FromProcess =
  | { type: 'ready' }
  /** `rssBytes` is what the whole process holds. */
  | { type: 'done'; id: number; compilerLong: string; compileMs: number; rssBytes: number }
  | { type: 'failed'; id: number; kind: FailureKind; detail: string };

/** A compiler taken apart: `module` is absent for the asm.js builds (0.4 and 0.5). */
export interface LoadedCompiler {
  glue: string;
  module?: WebAssembly.Module;
}

export type ToThread =
  /** `drop` names a compiler that the thread lets go of for this one. */
  | { type: 'load'; version: string; compiler: LoadedCompiler; drop: string | null }
  | { type: 'compile'; version: string; input: Uint8Array<ArrayBuffer> };

export type FromThread =
  | { type: 'done'; output: Uint8Array<ArrayBuffer>; compilerLong: string; compileMs: number }
  | { type: 'failed'; detail: string }
  | { type: 'memory' };
