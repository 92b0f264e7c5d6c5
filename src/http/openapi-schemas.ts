import { z } from 'zod';
import { sha256Hex } from '../lib/hash.ts';

export type JsonSchema = Record<string, unknown>;

/** Turns Zod schemas into JSON Schema 2020-12 and gathers those that have a name. */
export interface SchemaPrinter {
  print(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  components: Record<string, JsonSchema>;
}

export function createSchemaPrinter(): SchemaPrinter {
  const components: Record<string, JsonSchema> = {};
  /** What each component was before its references were renamed, to know it again. */
  const originals = new Map<string, string>();

  /** Moves a definition to the components. What a caller gives may be less than what they get: two names then. */
  function place(name: string, definition: JsonSchema): string {
    const text = JSON.stringify(definition);
    // Names that Zod made up count from zero in every schema.
    const base = name.startsWith('__') ? `Value${sha256Hex(text).slice(0, 8)}` : name;
    const free = [base, `${base}Input`, `${base}${sha256Hex(text).slice(0, 8)}`].find(
      (candidate) => (originals.get(candidate) ?? text) === text,
    ) as string;
    originals.set(free, text);
    components[free] = definition;
    return free;
  }

  return {
    components,
    print(schema, io) {
      const {
        $schema: _,
        $defs,
        ...root
      } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as JsonSchema & {
        $defs?: Record<string, JsonSchema>;
      };
      const names = new Map<string, string>();
      for (const [name, definition] of Object.entries($defs ?? {})) names.set(name, place(name, definition));
      const renamed = rename(root, names) as JsonSchema;
      for (const name of new Set(names.values())) {
        components[name] = rename(components[name], names) as JsonSchema;
      }
      return renamed;
    },
  };
}

/** Points every `$ref` at the components, and drops what says nothing. */
function rename(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !saysNothing(key, inner))
      .map(([key, inner]) => [key, key === '$ref' ? target(String(inner), names) : rename(inner, names)]),
  );
}

function target(reference: string, names: Map<string, string>): string {
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  return name === undefined ? reference : `#/components/schemas/${names.get(name) ?? name}`;
}

/** Zod prints the range of safe integers for every integer. */
function saysNothing(key: string, value: unknown): boolean {
  return Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER && (key === 'minimum' || key === 'maximum');
}
