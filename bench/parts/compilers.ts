import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareCompile } from '../../src/solidity/prepare.ts';
import type { CompileRequest } from '../../src/solidity/types.ts';

/** A program in a process of its own that compiles one named input at a time. */
export interface ChildCompiler {
  /** @returns milliseconds of the compiler's own call */
  compile(file: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `<name>.ts` and waits until it is ready. */
export async function startChildCompiler(
  name: 'bare-compiler' | 'our-compiler' | 'solc-package',
): Promise<ChildCompiler> {
  const child = fork(join(import.meta.dirname, `${name}.ts`), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await answer(child);
  return {
    async compile(file) {
      child.send({ file });
      const { ms, ok } = (await answer(child)) as { ms: number; ok: boolean };
      if (!ok) throw new Error(`${name} refused the benchmark's own contract`);
      return ms;
    },
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`a compiler of the benchmark ended with ${code}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

/** Writes the compiler input of a request: as bare as it can be, code and ABI of what is asked for only. */
export function writeBareInput(request: CompileRequest, file: string): void {
  const { input, entry, contract, ownFiles } = prepareCompile(request);
  const outputs = ['abi', 'evm.bytecode.object'];
  const outputSelection =
    contract === undefined
      ? Object.fromEntries(ownFiles.map((name) => [name, { '*': outputs }]))
      : { [entry]: { [contract]: outputs } };
  writeFileSync(file, JSON.stringify({ ...input, settings: { ...input.settings, outputSelection } }));
}
