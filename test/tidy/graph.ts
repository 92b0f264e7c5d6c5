import { posix } from 'node:path';
import { type Check, type Files, isTest, type Problem } from './files.ts';
import { allImports, type Import } from './scan.ts';

/** Files that are started by name and so need no import. */
const entries = new Set(['src/main.ts', 'src/store/generate-schema.ts']);

/** A chain of run-time imports that comes back to its start. */
export const checkCycles: Check = (files) => {
  const imports = allImports(files);
  const done = new Set<string>();
  const problems: Problem[] = [];
  const visit = (file: string, trail: string[]) => {
    const seenAt = trail.indexOf(file);
    if (seenAt >= 0) {
      const round = [...trail.slice(seenAt), file];
      problems.push({
        file,
        message: `imports itself in a circle: ${round.join(' → ')}`,
        remedy:
          'Move what both need into a file of its own that imports neither, or make one import `import type`.',
      });
      return;
    }
    if (done.has(file)) return;
    for (const { target, typeOnly } of imports.get(file) ?? []) {
      if (target !== null && !typeOnly) visit(target, [...trail, file]);
    }
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return problems;
};

/** A source file that the program does not use. Workers and children are used by naming their file in a string. */
export const checkUnused: Check = (files) => {
  const used = new Set<string>(entries);
  for (const [file, imports] of allImports(files)) if (!isTest(file)) markUsed(file, imports, files, used);
  return [...files.keys()]
    .filter((file) => file.startsWith('src/') && isProgram(file) && !used.has(file))
    .map((file) => ({
      file,
      message: 'is imported by nothing but tests',
      remedy: 'Use it, give it its index line, or remove it.',
    }));
};

/** Declarations of types for a foreign thing are found by the type checker without an import. */
function isProgram(file: string): boolean {
  return /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !isTest(file);
}

function markUsed(file: string, imports: readonly Import[], files: Files, used: Set<string>): void {
  for (const { target } of imports) if (target !== null && target !== file) used.add(target);
  for (const [, name] of (files.get(file) ?? '').matchAll(/['"`]([\w./-]+\.ts)['"`]/g)) {
    used.add(posix.join(posix.dirname(file), name ?? ''));
  }
}
