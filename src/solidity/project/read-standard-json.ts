import { z } from 'zod';
import type { Issue } from '../../lib/app-error.ts';
import { checkSources } from '../check-sources.ts';
import { settingsSchema } from '../settings-schema.ts';
import type { CompileRequest, CompileSettings } from '../types.ts';
import { fail } from './errors.ts';

const source = z.strictObject({
  content: z.string(),
  /** The compiler would compare it with the content; both come from the caller. */
  keccak256: z.string().optional(),
  license: z.string().optional(),
});

/** What of an input is taken; `unknown` is what is read past, because the compile service decides it. */
const schema = z.strictObject({
  language: z.literal('Solidity'),
  sources: z.record(z.string().min(1), source),
  settings: settingsSchema
    .extend({
      outputSelection: z.unknown().optional(),
      stopAfter: z.unknown().optional(),
      /** Comments in outputs that nobody asks for. */
      debug: settingsSchema.shape.debug.unwrap().extend({ debugInfo: z.unknown().optional() }).optional(),
    })
    .optional(),
  /** Foundry writes the compiler's version beside the rest, and folders that it gave the compiler access to. */
  version: z.string().max(100).optional(),
  allowPaths: z.unknown().optional(),
  basePath: z.unknown().optional(),
  includePaths: z.unknown().optional(),
});

const issuesMax = 100;

/**
 * Reads standard JSON input (Solidity documentation, "Using the Compiler") as the request that means the same. Which
 * outputs are computed is the compile service's to say; a setting that it does not know is refused, because leaving it
 * out would give other bytecode than was asked for.
 *
 * @throws AppError `standard-json-invalid` with an issue for each field, `sources-*`, `source-*`; pointers begin at the
 * input
 */
export function readStandardJson(input: unknown): CompileRequest {
  const result = schema.safeParse(input);
  if (!result.success) throw invalid(input, result.error.issues);
  const { sources, settings = {}, version } = result.data;
  const texts = Object.fromEntries(Object.entries(sources).map(([path, { content }]) => [path, content]));
  checkSources(texts);
  return {
    sources: texts,
    ...(version === undefined ? {} : { compiler: version }),
    settings: toSettings(settings as Record<string, unknown>),
  };
}

/** An input that does not mention the optimizer means that it is off, unlike a request of ours. */
function toSettings(given: Record<string, unknown>): CompileSettings {
  const { outputSelection: _output, stopAfter: _stop, debug, ...settings } = given;
  const { revertStrings } = (debug ?? {}) as NonNullable<CompileSettings['debug']>;
  return {
    ...settings,
    ...(revertStrings === undefined ? {} : { debug: { revertStrings } }),
    optimizer: { enabled: false, runs: 200, ...(settings['optimizer'] as CompileSettings['optimizer']) },
  };
}

function invalid(input: unknown, found: readonly z.core.$ZodIssue[]) {
  const issues = found.flatMap((issue) => toIssues(input, issue));
  const shown = issues.slice(0, issuesMax);
  const [first] = shown;
  const isUrl = shown.some(({ code }) => code === 'urls-refused');
  return fail(
    'standard-json-invalid',
    {
      count: issues.length,
      first: `${first?.pointer || 'the input'} ${first?.message ?? ''}`,
      advice: isUrl
        ? 'Nothing is fetched: give each source with its `content`.'
        : 'Give {language: "Solidity", sources: {path: {content}}, settings} as the Solidity documentation has it, without what is named.',
    },
    { issues: shown, ...(first ? { place: { pointer: first.pointer } } : {}) },
  );
}

function toIssues(input: unknown, issue: z.core.$ZodIssue): Issue[] {
  const pointer = issue.path.map((key) => `/${escapeKey(String(key))}`).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: `${pointer}/${escapeKey(key)}`,
      ...(key === 'urls' && issue.path[0] === 'sources'
        ? { code: 'urls-refused', message: 'is refused: nothing is fetched, give the content' }
        : { code: 'unknown-field', message: 'is not taken here' }),
    }));
  }
  const isAbsent = issue.path.reduce<unknown>((at, key) => fieldOf(at, key), input) === undefined;
  if (isAbsent && issue.path.length > 0) {
    // A source by its address alone lacks a content too; of the two the address is what has to be said.
    const parent = issue.path.slice(0, -1).reduce<unknown>((at, key) => fieldOf(at, key), input);
    if (issue.path.at(-1) === 'content' && fieldOf(parent, 'urls') !== undefined) return [];
    return [{ pointer, code: 'required', message: 'is required' }];
  }
  return [{ pointer, code: issue.code.replaceAll('_', '-'), message: lowerFirst(issue.message) }];
}

function fieldOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function lowerFirst(message: string): string {
  return message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
