import { getBytes } from '../lib/get-bytes.ts';
import type { CompilerOptions } from '../solidity/start-compiler.ts';
import type { Config } from './config.ts';

/**
 * The compile service as the operator wants it.
 * @param folder absolute; where compilers that are not bundled are kept
 */
export function compilerOptions(config: Config, folder: string): CompilerOptions {
  const { compilerListUrl: listUrl, nativeCompilersDir: nativeFolder } = config;
  return {
    workers: config.compilerWorkers,
    compileSeconds: config.compileSeconds,
    memoryBytesMax: config.compileMemoryBytesMax,
    ...(listUrl ? { downloads: { listUrl, folder, get: getBytes } } : {}),
    ...(nativeFolder ? { nativeFolder } : {}),
  };
}
