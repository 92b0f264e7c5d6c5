import { join } from 'node:path';
import { getBytes } from '../lib/get-bytes.ts';
import type { Config } from '../ops/config.ts';
import type { CompilerOptions } from '../solidity/start-compiler.ts';

/** The compile service as the operator wants it; downloaded compilers lie with the data. */
export function compilerOptions(config: Config): CompilerOptions {
  const { compilerListUrl: listUrl, nativeCompilersDir: nativeFolder } = config;
  return {
    workers: config.compilerWorkers,
    compileSeconds: config.compileSeconds,
    memoryBytesMax: config.compileMemoryBytesMax,
    ...(listUrl ? { downloads: { listUrl, folder: join(config.dataDir, 'compilers'), get: getBytes } } : {}),
    ...(nativeFolder ? { nativeFolder } : {}),
  };
}
