import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Category, categories } from '../../../src/audit/categories.ts';

/** `open` ones are looked at while detectors are made; of `unseen` ones nobody who makes detectors sees what fails. */
export const parts = ['open', 'unseen'] as const;
export type Part = (typeof parts)[number];

/** One contract of the corpus with the lines that are at fault. */
export interface AuditCase {
  /** `<folder>/<name>.<bad or good>`. */
  name: string;
  folder: string;
  part: Part;
  source: string;
  expected: { line: number; category: Category }[];
}

/** The folder of contracts in which nothing is wrong. */
export const cleanFolder = 'clean';

const marker = /\/\/ <-- ([a-z-]+)\s*$/;

/** @returns every case, by name. @throws Error where a case's labels make no sense */
export function readCases(): AuditCase[] {
  return parts.flatMap((part) => {
    const root = join(import.meta.dirname, part);
    return readdirSync(root)
      .sort()
      .flatMap((name) => {
        if (name !== cleanFolder && !isCategory(name)) throw new Error(`${name} is no class of faults`);
        const files = readdirSync(join(root, name)).sort();
        return files.map((file) => readCase(name, file, readFileSync(join(root, name, file), 'utf8'), part));
      });
  });
}

/** @throws Error where its labels make no sense */
export function readCase(inFolder: string, file: string, source: string, part: Part = 'open'): AuditCase {
  const words = /^([a-z0-9-]+)\.(bad|good)\.sol$/.exec(file);
  if (!words?.[1]) throw new Error(`${inFolder}/${file} is not named as a case`);
  const name = `${inFolder}/${words[1]}.${words[2]}`;
  const expected = source.split('\n').flatMap((text, index) => {
    const category = marker.exec(text)?.[1];
    if (category === undefined) {
      if (text.includes('// <--')) throw new Error(`${name}: line ${index + 1} has half a label`);
      return [];
    }
    if (!isCategory(category)) throw new Error(`${name}: ${category} is no class of faults`);
    return [{ line: index + 1, category }];
  });
  if (words[2] === 'bad' && expected.length === 0) throw new Error(`${name} has no label`);
  if (words[2] === 'good' && expected.length > 0) throw new Error(`${name} has labels`);
  return { name, folder: inFolder, part, source, expected };
}

function isCategory(name: string): name is Category {
  return (categories as readonly string[]).includes(name);
}
