import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledFiles } from './bundled-compilers.ts';

/** What the compiler process runs. Its folder is all of our code that it can read. */
export const processScript = fileURLToPath(new URL('./process/main.ts', import.meta.url));

/**
 * Node's permission model for a process that runs foreign code over hostile input: it reads its own scripts and the
 * compilers, writes nothing, starts nothing, and (from Node 26 on) reaches no network. Threads inherit all of it.
 *
 * @param folders that hold further compilers
 */
export function isolationFlags(folders: readonly string[] = []): string[] {
  return [
    '--permission',
    '--allow-worker',
    `--allow-fs-read=${dirname(processScript)}/*`,
    ...bundledFiles().map(({ path }) => `--allow-fs-read=${path}`),
    ...folders.map((folder) => `--allow-fs-read=${folder}/*`),
    // It says that threads are to be allowed with care; the test of this file shows that they are as confined.
    '--disable-warning=PERM0006',
  ];
}
