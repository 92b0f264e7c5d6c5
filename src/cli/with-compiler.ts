import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';

/** Starts a compiler for one piece of offline work, and stops it whatever happens. */
export async function withCompiler<Result>(work: (compiler: Compiler) => Promise<Result>): Promise<Result> {
  const compiler = await startCompiler({ workers: 1 });
  try {
    return await work(compiler);
  } finally {
    await compiler.close();
  }
}
