import type { CompileRequest, Compiler } from '../../src/solidity/types.ts';
import type { ChildCompiler } from './compilers.ts';

/** The pool of two and two bare compilers, each in a process of its own. */
export interface Tools {
  pool: Compiler;
  bare: [ChildCompiler, ChildCompiler];
  /** Where the bare compilers read their inputs. */
  file(name: string): string;
}

/** Compiles by the pool; throws when there is no code. */
export async function compileBy(pool: Compiler, request: CompileRequest): Promise<void> {
  const { ok, artifacts, diagnostics } = await pool.compile(pool.prepare(request));
  if (ok && artifacts.some(({ runtimeBytes }) => runtimeBytes > 0)) return;
  throw new Error(`the benchmark's own contract was refused: ${diagnostics[0]?.message}`);
}

/** @returns how much less time the second works take at once than the first ones took in turn */
export async function speedup(
  inTurn: (() => Promise<unknown>)[],
  atOnce: (() => Promise<unknown>)[],
): Promise<number> {
  const turnMs = await timed(async () => {
    for (const work of inTurn) await work();
  });
  return turnMs / (await timed(() => Promise.all(atOnce.map((work) => work()))));
}

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
