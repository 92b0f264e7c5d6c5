import { validRange } from 'semver';
import { parse, TomlError } from 'smol-toml';
import { suggestion } from '../nearest.ts';
import { settingsSchema } from '../settings-schema.ts';
import type { CompileSettings, RequestNote } from '../types.ts';
import { configProblem, tidyFolder, versionCharactersMax } from './config-text.ts';
import { fail } from './errors.ts';
import { camelCase, keyLine, snakeCase } from './toml-keys.ts';

/** What `foundry.toml` says; absent is what it leaves to Foundry. */
export interface FoundryToml {
  src?: string;
  test?: string;
  script?: string;
  libs?: string[];
  remappings: string[];
  detectRemappings: boolean;
  /** A version or a range. */
  solc?: string;
  settings: CompileSettings;
  notes: RequestNote[];
}

type Table = Record<string, unknown>;

/** Tables beside the profiles, in the form in which every other table is a profile. */
const noProfiles = new Set([
  ...['profile', 'fmt', 'lint', 'doc', 'fuzz', 'invariant', 'rpc_endpoints', 'etherscan', 'labels'],
  ...['bind_json', 'soldeer', 'dependencies', 'vyper'],
]);

/**
 * Reads the compiler's part of a `foundry.toml`, in its form with `[profile.x]` and the older ones. Keys that mean
 * nothing to a compile are no concern of this.
 *
 * @param options.profile in place of `default`, from which every profile inherits
 * @throws AppError `project-config-invalid` with the line, `project-profile-unknown`
 */
export function readFoundryToml(
  text: string,
  options: { file: string; profile?: string | undefined },
): FoundryToml {
  const { file } = options;
  const table = profileTable(parseToml(text, file), options);
  const notes: RequestNote[] = [];
  const wrong = (key: string, problem: string) =>
    configProblem(file, keyLine(text, key, options.profile), problem);

  const solc = string('solc') ?? string('solc_version');
  const isVersion = solc !== undefined && solc.length <= versionCharactersMax && validRange(solc) !== null;
  if (solc !== undefined && !isVersion) {
    notes.push({
      message: `${file} names the compiler "${solc.slice(0, versionCharactersMax)}", which is no version: the pragmas decide.`,
    });
  }
  if (table['optimizer'] === undefined && table['optimizer_runs'] === undefined) {
    notes.push({ message: 'Nothing is said about the optimizer: it is off, as Foundry has it since 1.0.' });
  }
  if (table['compilation_restrictions'] !== undefined) {
    notes.push({
      message: `${file} has settings for single files (compilation_restrictions): they are not applied.`,
    });
  }
  return {
    ...present({
      src: folder('src'),
      test: folder('test'),
      script: folder('script'),
      libs: strings('libs')?.map(tidyFolder),
    }),
    remappings: strings('remappings') ?? [],
    detectRemappings: boolean('auto_detect_remappings') ?? true,
    ...(isVersion ? { solc } : {}),
    settings: settings(),
    notes,
  };

  function settings(): CompileSettings {
    const enabled = boolean('optimizer');
    const runs = table['optimizer_runs'];
    if (runs !== undefined && !(typeof runs === 'number' && Number.isInteger(runs) && runs >= 0))
      throw wrong('optimizer_runs', 'optimizer_runs has to be a whole number');
    const read = present({
      optimizer: present({
        // Since 1.0 it is off unless something is said of it.
        enabled: enabled ?? (typeof runs === 'number' && runs > 0),
        runs: typeof runs === 'number' ? Math.min(runs, 4_294_967_295) : 200,
        details: details(table['optimizer_details']),
      }),
      viaIR: boolean('via_ir'),
      evmVersion: string('evm_version')?.toLowerCase(),
      libraries: libraries(strings('libraries') ?? []),
      metadata: orNothing({
        bytecodeHash: string('bytecode_hash'),
        useLiteralContent: boolean('use_literal_content'),
        appendCBOR: boolean('cbor_metadata'),
      }),
      debug: orNothing({ revertStrings: string('revert_strings') }),
    });
    const result = settingsSchema.safeParse(read);
    if (result.success) return result.data as CompileSettings;
    const [issue] = result.error.issues;
    const key = keyOf(issue?.path ?? []);
    throw wrong(key, `${key}: ${issue?.message ?? 'it cannot be used'}`);
  }

  /** `file:Library:0xaddress` */
  function libraries(lines: readonly string[]): CompileSettings['libraries'] {
    const found: Record<string, Record<string, string>> = {};
    for (const line of lines) {
      const match = /^(.+):([^:]+):(0x[0-9a-fA-F]{40})$/.exec(line);
      const [, path = '', name = '', address = ''] = match ?? [];
      if (!match)
        throw wrong('libraries', `libraries: "${line}" is not of the form file.sol:Library:0xaddress`);
      const place = tidyFolder(path);
      found[place] = { ...found[place], [name]: address };
    }
    return lines.length === 0 ? undefined : found;
  }

  /** The compiler's names for what Foundry writes in either case. */
  function details(value: unknown): unknown {
    if (!isTable(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camelCase(key), details(inner)]));
  }

  function string(key: string): string | undefined {
    const value = table[key];
    if (value === undefined || typeof value === 'string') return value;
    throw wrong(key, `${key} has to be a string`);
  }

  function boolean(key: string): boolean | undefined {
    const value = table[key];
    if (value === undefined || typeof value === 'boolean') return value;
    throw wrong(key, `${key} has to be true or false`);
  }

  function strings(key: string): string[] | undefined {
    const value = table[key];
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value as string[];
    throw wrong(key, `${key} has to be a list of strings`);
  }

  function folder(key: string): string | undefined {
    const value = string(key);
    return value === undefined ? undefined : tidyFolder(value);
  }
}

function parseToml(text: string, file: string): Table {
  try {
    return parse(text, { maxDepth: 64, unsafeKeyBehaviour: 'drop' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [problem = ''] = error.message.split('\n', 1);
    throw configProblem(file, error.line, problem.replace(/^Invalid TOML document: /, ''));
  }
}

/** The table of a profile over that of `default`, keys in snake case. */
function profileTable(
  root: Table,
  { file, profile = 'default' }: { file: string; profile?: string | undefined },
): Table {
  const profiles = isTable(root['profile']) ? root['profile'] : {};
  const tableOf = (name: string) => {
    const older = noProfiles.has(name) ? undefined : root[name];
    const found = [older, profiles[name]].filter(isTable);
    return found.length === 0 ? undefined : found.map(snakeKeys).reduce(merged);
  };
  const flat = Object.fromEntries(Object.entries(root).filter(([, value]) => !isTable(value)));
  const base = merged(snakeKeys(flat), tableOf('default') ?? {});
  if (profile === 'default') return base;
  const chosen = tableOf(profile);
  if (chosen) return merged(base, chosen);
  const names = [...new Set(['default', ...Object.keys(profiles)])];
  throw fail(
    'project-profile-unknown',
    { file, profile, suggestion: suggestion(profile, names), profiles: names.join(', ') },
    { place: { file } },
  );
}

function snakeKeys(table: Table): Table {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [snakeCase(key), value]));
}

function merged(under: Table, over: Table): Table {
  const both = Object.entries(over).map(([key, value]) => {
    const other = under[key];
    return [key, isTable(value) && isTable(other) ? merged(other, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(both) };
}

/** The key of `foundry.toml` for a path of the settings. */
function keyOf(path: readonly PropertyKey[]): string {
  const [first, second] = path.map(String);
  const keys: Record<string, string> = {
    ...{ evmVersion: 'evm_version', libraries: 'libraries', debug: 'revert_strings' },
    metadata: second === 'bytecodeHash' ? 'bytecode_hash' : 'cbor_metadata',
    optimizer: second === 'details' ? 'optimizer_details' : 'optimizer_runs',
  };
  return keys[first ?? ''] ?? snakeCase(first ?? '');
}

function orNothing(fields: Table): Table | undefined {
  const found = present(fields);
  return Object.keys(found).length === 0 ? undefined : found;
}

function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
