import { settingsSchema } from '../settings-schema.ts';
import type { CompileSettings } from '../types.ts';

/** Settings that are the compile service's own. */
const ours = ['outputSelection', 'stopAfter'];

/**
 * Reads compiler settings of a tool's configuration: what is unknown or of a wrong type is left out and told, because
 * a tool passes on whatever it is given, and one odd setting should not keep a project from compiling.
 *
 * @param report is told of each thing that is left out, as `settings.optimizer.runs is ignored: …`
 */
export function lenientSettings(given: unknown, report: (problem: string) => void): CompileSettings {
  const value: unknown = structuredClone(given);
  if (isFields(value)) for (const name of ours) delete value[name];
  for (;;) {
    const result = settingsSchema.safeParse(value);
    if (result.success) return result.data as CompileSettings;
    for (const issue of result.error.issues) {
      const paths =
        issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      for (const path of paths) {
        const reason =
          issue.code === 'unrecognized_keys' ? 'it is not known here' : lowerFirst(issue.message);
        report(`${['settings', ...path].map(String).join('.')} is ignored: ${reason}.`);
        if (path.length === 0) return {};
        // Of a list with an odd item nothing is taken: what it would mean without that item nobody knows.
        const item = path.findIndex((key) => typeof key === 'number');
        remove(value, item < 0 ? path : path.slice(0, item));
      }
    }
  }
}

function remove(value: unknown, path: readonly PropertyKey[]): void {
  let parent = value;
  for (const key of path.slice(0, -1)) parent = isFields(parent) ? parent[String(key)] : undefined;
  if (isFields(parent)) delete parent[String(path.at(-1))];
}

function lowerFirst(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
