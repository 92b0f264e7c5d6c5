import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Category, categories } from '../../../src/audit/categories.ts';
import { sha256Hex } from '../../../src/lib/hash.ts';

/** One contract of the corpus with the lines that are at fault. */
export interface AuditCase {
  /** `<folder>/<name>.<bad or good>`. */
  name: string;
  folder: string;
  /** Twins are in the same half. */
  half: 'open' | 'held';
  source: string;
  expected: { line: number; category: Category }[];
}

/** The folder of contracts in which nothing is wrong. */
export const cleanFolder = 'clean';

const folder = join(import.meta.dirname, 'cases');
const marker = /\/\/ <-- ([a-z-]+)\s*$/;

/** @returns every case, by name. @throws Error where a case's labels make no sense */
export function readCases(): AuditCase[] {
  const folders = readdirSync(folder).sort();
  return folders.flatMap((name) => {
    if (name !== cleanFolder && !isCategory(name)) throw new Error(`${name} is no class of faults`);
    const files = readdirSync(join(folder, name)).sort();
    return files.map((file) => readCase(name, file, readFileSync(join(folder, name, file), 'utf8')));
  });
}

/** @throws Error where its labels make no sense */
export function readCase(inFolder: string, file: string, source: string): AuditCase {
  const parts = /^([a-z0-9-]+)\.(bad|good)\.sol$/.exec(file);
  if (!parts?.[1]) throw new Error(`${inFolder}/${file} is not named as a case`);
  const name = `${inFolder}/${parts[1]}.${parts[2]}`;
  const expected = source.split('\n').flatMap((text, index) => {
    const category = marker.exec(text)?.[1];
    if (category === undefined) {
      if (text.includes('// <--')) throw new Error(`${name}: line ${index + 1} has half a label`);
      return [];
    }
    if (!isCategory(category)) throw new Error(`${name}: ${category} is no class of faults`);
    return [{ line: index + 1, category }];
  });
  if (parts[2] === 'bad' && expected.length === 0) throw new Error(`${name} has no label`);
  if (parts[2] === 'good' && expected.length > 0) throw new Error(`${name} has labels`);
  return { name, folder: inFolder, half: halfOf(`${inFolder}/${parts[1]}`), source, expected };
}

/** Every other one by chance, the same for ever. */
function halfOf(twins: string): AuditCase['half'] {
  return Number.parseInt(sha256Hex(`audit corpus/${twins}`).slice(0, 2), 16) % 2 === 0 ? 'open' : 'held';
}

function isCategory(name: string): name is Category {
  return (categories as readonly string[]).includes(name);
}
