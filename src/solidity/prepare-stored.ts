import { valid } from 'semver';
import { fail } from './errors.ts';
import type { PreparedCompile, StandardInput } from './types.ts';

/** What is kept of a compile: enough to do it again. */
export interface StoredInput {
  /** Exact version, `0.8.37`. */
  compiler: string;
  entry: string;
  /** The contract that was asked for by name; null where none was. */
  contract: string | null;
  ownFiles: readonly string[];
  /** Standard JSON input without its output selection. */
  input: StandardInput;
  inputHash: string;
}

/**
 * Makes a stored input ready for the same compiler as then, with nothing resolved or chosen anew: what is bundled today
 * may be other than it was.
 *
 * @throws AppError `stored-input-invalid` when the compiler is no exact version, or a file of its own is missing
 */
export function prepareStored(stored: StoredInput): PreparedCompile {
  const { compiler, entry, contract, input, inputHash } = stored;
  const ownFiles = [...stored.ownFiles].sort();
  if (valid(compiler) !== compiler) {
    throw fail('stored-input-invalid', { reason: `"${compiler}" is no exact compiler version` });
  }
  const missing = [entry, ...ownFiles].find((file) => !Object.hasOwn(input.sources, file));
  if (missing !== undefined) throw fail('stored-input-invalid', { reason: `it has no file ${missing}` });
  return {
    ...{ compiler, entry, ownFiles, input, inputHash },
    ...(contract === null ? {} : { contract }),
    libraries: [],
  };
}
