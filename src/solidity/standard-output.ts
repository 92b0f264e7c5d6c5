import { fail } from './errors.ts';
import type { AbiItem, AstNode, ImmutableReferences, LinkReferences } from './types.ts';

/** The compiler's standard JSON output, as far as it is asked for. Old compilers leave fields out. */
export interface StandardOutput {
  errors?: OutputError[];
  sources?: Record<string, { id: number; ast?: AstNode }>;
  contracts?: Record<string, Record<string, OutputContract>>;
}

export interface OutputLocation {
  file: string;
  /** UTF-8 byte offsets; -1 when there is none. */
  start: number;
  end: number;
}

export interface OutputError {
  severity: 'error' | 'warning' | 'info';
  type: string;
  message: string;
  formattedMessage?: string;
  errorCode?: string;
  sourceLocation?: OutputLocation;
  secondarySourceLocations?: (Partial<OutputLocation> & { message?: string })[];
}

export interface OutputContract {
  abi?: AbiItem[];
  metadata?: string;
  userdoc?: unknown;
  devdoc?: unknown;
  storageLayout?: unknown;
  evm?: {
    bytecode?: OutputCode;
    deployedBytecode?: OutputCode & { immutableReferences?: ImmutableReferences };
    methodIdentifiers?: Record<string, string>;
    gasEstimates?: unknown;
  };
}

export interface OutputCode {
  object?: string;
  /** Instruction by instruction, `start:length:file:jump:depth`; only what is asked for. */
  sourceMap?: string;
  linkReferences?: LinkReferences;
}

/** Reads the compiler's answer. @throws AppError `compiler-crashed` when it is no JSON */
export function readStandardOutput(bytes: Uint8Array): StandardOutput {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return JSON.parse(text) as StandardOutput;
  } catch (cause) {
    throw fail('compiler-crashed', { detail: 'its answer is no JSON' }, { cause });
  }
}
