import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Repository-relative paths (with `/`) and what the files hold. Checks read nothing else, so tests can make them up. */
export type Files = ReadonlyMap<string, string>;

/** One thing that is not tidy. */
export interface Problem {
  file: string;
  /** Counts from 1; left out where the whole file is meant. */
  line?: number;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

/** A check looks at the whole repository at once. */
export type Check = (files: Files) => Problem[];

/** What is not ours to read: installed, generated and kept data. */
const passedOver = new Set(['node_modules', '.git', '.slipway', 'coverage', 'dist']);
/** The inputs of a corpus stay as they are, whatever they hold; the code beside them is ours. */
const isInput = (path: string): boolean => path.startsWith('test/corpus/') && !path.endsWith('.ts');
const textFile =
  /\.(ts|tsx|js|mjs|json|md|sql|sh|yml|yaml|toml|sol)$|(^|\/)(run|Dockerfile|\.npmrc|\.gitignore)$/;

/** Reads every text file of the repository that people wrote. */
export function readRepository(root: string): Files {
  const files = new Map<string, string>();
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!passedOver.has(entry.name)) walk(path);
      } else if (entry.isFile() && textFile.test(path) && path !== 'package-lock.json' && !isInput(path)) {
        files.set(path, readFileSync(join(root, path), 'utf8'));
      }
    }
  };
  walk('');
  return files;
}

/** @returns true for a TypeScript file */
export const isSource = (path: string): boolean => /\.tsx?$/.test(path);

/** @returns true for a file that only tests use: `x.test.ts`, or `test-support.ts` beside them */
export const isTest = (path: string): boolean => /(\.test|(^|\/)test-support)\.tsx?$/.test(path);

/** @returns the line (from 1) that `offset` is on */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
