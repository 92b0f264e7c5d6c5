import { limits } from '../lib/limits.ts';
import { hiddenCharacterWarnings } from './hidden-characters.ts';
import type { Diagnostic, PreparedCompile } from './types.ts';

/** What we have to say of the sources ourselves, beside the compiler: it is the same whether they compile or not. */
export function sourceWarnings(prepared: PreparedCompile): Diagnostic[] {
  const warnings = versionNotes(prepared.libraries);
  for (const file of prepared.ownFiles) {
    if (warnings.length >= limits.diagnosticsMax) break;
    warnings.push(...hiddenCharacterWarnings(file, prepared.input.sources[file]?.content ?? ''));
  }
  return warnings.slice(0, limits.diagnosticsMax);
}

/** One library under several names with versions: allowed, but its contracts are then several of the same name. */
function versionNotes(libraries: PreparedCompile['libraries']): Diagnostic[] {
  const byName = Map.groupBy(libraries, ({ name }) => name.replace(/(?<=.)@.*$/, ''));
  return [...byName].flatMap(([name, uses]) => {
    if (uses.length < 2) return [];
    const shown = uses.map((use) => `${use.name} (${use.version})`).join(' and as ');
    return {
      severity: 'info',
      code: 'library-imported-twice',
      type: 'Info',
      message: `${name} is imported as ${shown}: to the compiler their contracts are not the same.`,
      secondary: [],
      hint: 'Pin all imports of a library to one version, or none, unless both are wanted.',
    };
  });
}
