import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../src/lib/app-error.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { Compiler } from '../../src/solidity/types.ts';
import { median } from '../frame.ts';
import { erc20, wholeLibrary } from './compile-inputs.ts';
import { compileBy, timed } from './compile-tools.ts';

/** From the moment that a thread, or the whole process, is killed in the middle of a compile to the next answer. */
export async function measureRevival(rounds: number) {
  const threadMs: number[] = [];
  const processMs: number[] = [];
  const compiler = await startCompiler({ workers: 1, compileSeconds: 2 });
  try {
    await compiler.warm();
    for (let turn = 0; turn < rounds; turn += 1) {
      await untilTimeout(compiler, `thread ${turn}`);
      threadMs.push(await timed(() => compileBy(compiler, erc20(`after thread ${turn}`))));
      const processId = compiler.health().processId as number;
      const lost = compileBy(compiler, erc20(`process ${turn}`));
      await wait(30);
      process.kill(processId, 'SIGKILL');
      processMs.push(await timed(() => lost));
    }
  } finally {
    await compiler.close();
  }
  return { threadMs: Math.round(median(threadMs)), processMs: Math.round(median(processMs)) };
}

async function untilTimeout(compiler: Compiler, mark: string): Promise<void> {
  try {
    await compileBy(compiler, wholeLibrary(mark));
  } catch (error) {
    if (error instanceof AppError && error.code === 'compiler-timeout') return;
    throw error;
  }
  throw new Error('the long compile was too short to be killed');
}
