import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledCompilers, compilerPath } from './bundled-compilers.ts';
import type { CompilerFile } from './process/messages.ts';

/** What the compiler process runs. Its folder is all of our code that it can read. */
export const processScript = fileURLToPath(new URL('./process/main.ts', import.meta.url));

/** The bundled compilers as the process gets them, newest first. */
export function compilerFiles(): CompilerFile[] {
  return bundledCompilers.map(({ version, sha256, wasmSha256, ...one }) => ({
    version,
    path: compilerPath(one),
    sha256,
    ...(wasmSha256 === undefined ? {} : { wasmSha256 }),
  }));
}

/**
 * Node's permission model for a process that runs foreign code over hostile input: it reads its own scripts and the
 * compilers, writes nothing, starts nothing, and (from Node 26 on) reaches no network. Threads inherit all of it.
 */
export function isolationFlags(): string[] {
  return [
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${dirname(processScript)}/*`,
    ...compilerFiles().map(({ path }) => `--allow-fs-read=${path}`),
    // It says that threads are to be allowed with care; the test of this file shows that they are as confined.
    '--disable-warning=PERM0006',
  ];
}
