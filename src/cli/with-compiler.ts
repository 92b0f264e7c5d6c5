import { join, resolve } from 'node:path';
import { compilerOptions } from '../ops/compiler-options.ts';
import { type Config, readConfig } from '../ops/config.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import type { Io } from './command.ts';

/**
 * Starts a compiler for one piece of offline work, and stops it whatever happens. The settings are the server's;
 * compilers that are not bundled are kept in the user's cache folder, and the work is done once more when the official
 * list has just brought one that it needs.
 */
export async function withCompiler<Result>(
  io: Pick<Io, 'env' | 'cwd'>,
  work: (compiler: Compiler, config: Config) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(io.env, io.cwd);
  const cache = io.env['XDG_CACHE_HOME'] ?? join(io.env['HOME'] ?? io.cwd, '.cache');
  // Absolute: the compiler process has another working directory.
  const folder = resolve(io.cwd, cache, 'slipway', 'compilers');
  const compiler = await startCompiler(compilerOptions(config, folder));
  try {
    return await withReleases(compiler, () => work(compiler, config));
  } finally {
    await compiler.close();
  }
}
