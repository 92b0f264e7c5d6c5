import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../../src/lib/hash.ts';

const folder = import.meta.dirname;

/**
 * Sees to it that the packages of `package-lock.json` here are installed, beside it and outside of the project's own
 * dependencies: they are large, some are not free software, and nothing but this corpus reads them. Scripts of theirs
 * are never run. It needs the npm registry the first time, and again when the lockfile changes.
 *
 * @returns the `node_modules` folder
 * @throws Error when npm does not succeed
 */
export async function installPackages(note: (message: string) => void): Promise<string> {
  const modules = join(folder, 'node_modules');
  const mark = join(modules, '.installed');
  const lock = sha256Hex(readFileSync(join(folder, 'package-lock.json')));
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return modules;
  note(`installing the packages of the corpus into ${modules} (200 MB, once) …`);
  const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(npm, 'close');
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}`);
  // Written last: an install that was cut short is done again.
  writeFileSync(mark, lock);
  return modules;
}
