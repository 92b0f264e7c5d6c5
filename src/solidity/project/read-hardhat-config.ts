import { gte, valid, validRange } from 'semver';
import { limits } from '../../lib/limits.ts';
import { suggestion } from '../nearest.ts';
import type { CompileSettings, RequestNote } from '../types.ts';
import { configPlace, tidyFolder, versionCharactersMax } from './config-text.ts';
import { fail } from './errors.ts';
import { type Data, fieldOf, isObject, isUnread, toPlain, type Unread } from './js-data.ts';
import { lenientSettings } from './lenient-settings.ts';
import { readExportedData } from './read-js-data.ts';
import type { CompilerChoice } from './types.ts';

/** What a `hardhat.config` says to a compile. */
export interface HardhatConfig {
  /** Folders; absent where it says nothing. */
  sources?: string[];
  /** Never empty. */
  compilers: CompilerChoice[];
  overrides: Record<string, CompilerChoice>;
  notes: RequestNote[];
}

type Fields = Record<string, unknown>;

/** Hardhat's build profile for what is deployed: the optimizer is on where nothing is said of it. */
const production = 'production';

/**
 * Reads a `hardhat.config` of Hardhat 2 or 3 as data; it is never run. What only running it would tell is left out and
 * said in a note with its place; the pragmas then choose the compiler.
 *
 * @param options.major of Hardhat: 2 compiles for `paris` unless told otherwise, 3 leaves that to the compiler
 * @throws AppError `project-profile-unknown`
 */
export function readHardhatConfig(
  text: string,
  options: { file: string; profile?: string | undefined; major?: number | undefined },
): HardhatConfig {
  const { file } = options;
  const notes: RequestNote[] = [];
  const report = (path: string[], part: Unread) => {
    // Each costs a walk through the text, and no more are shown.
    if (notes.length >= limits.projectNotesMax) return;
    const what = path.length === 0 ? 'The configuration' : path.join('.');
    const end = /^(solidity(\.(\w+\.)*version)?|The configuration)$/.test(what)
      ? 'the pragmas decide'
      : 'it is left out';
    notes.push({
      message: `${what} is not written out in ${file}, which is not run: ${end}.`,
      place: configPlace(file, text, part),
    });
  };
  const fields = exportedFields(text, { file, notes, report });
  const isOfVersion3 =
    options.major === undefined ? 'profiles' in asFields(fields['solidity']) : options.major >= 3;
  const profile = profileOf(fields['solidity'], options);
  const choice = (value: unknown, path: string): CompilerChoice => {
    const { version: named, settings } = asFields(typeof value === 'string' ? { version: value } : value);
    const isVersion =
      typeof named === 'string' && named.length <= versionCharactersMax && validRange(named) !== null;
    const version = isVersion ? named : undefined;
    const read = lenientSettings(settings ?? {}, (problem) =>
      notes.push({ message: `${file}: ${path}.${problem}` }),
    );
    return {
      ...(version === undefined ? {} : { version }),
      settings: withDefaults(read, { version, isOfVersion3, isProduction: options.profile === production }),
    };
  };
  return {
    ...sourcesOf(asFields(fields['paths'])['sources']),
    ...compilersOf(profile, choice),
    notes,
  };
}

/** `solidity` and `paths` as plain values; nothing else of a configuration is looked at, least of all its keys. */
function exportedFields(
  text: string,
  to: { file: string; notes: RequestNote[]; report: (path: string[], part: Unread) => void },
): Fields {
  let config: Data;
  try {
    config = readExportedData(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const at = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    to.notes.push({
      message: `${to.file} cannot be read (${error.message}): the pragmas decide.`,
      place: configPlace(to.file, text, { start: at, end: Math.min(at + 1, text.length) }),
    });
    return {};
  }
  if (isUnread(config)) to.report([], config);
  else if (!isObject(config)) to.notes.push({ message: `${to.file} exports no object: the pragmas decide.` });
  if (!isObject(config)) return {};
  const exported = config;
  const names = ['solidity', 'paths'];
  return Object.fromEntries(
    names.map((name) => [
      name,
      toPlain(fieldOf(exported, name), (path, part) => to.report([name, ...path], part)),
    ]),
  );
}

/** The part of `solidity` that the profile asked for stands for. */
function profileOf(
  solidity: unknown,
  { file, profile }: { file: string; profile?: string | undefined },
): unknown {
  const { profiles } = asFields(solidity);
  const named = asFields(profiles);
  const base = profiles === undefined ? solidity : named['default'];
  if (profile === undefined || profile === 'default') return base;
  if (Object.hasOwn(named, profile)) return named[profile];
  // Hardhat makes this one itself: the compilers of the default, without their settings.
  if (profile === production) return withoutSettings(base);
  const names = [...new Set(['default', production, ...Object.keys(named)])];
  throw fail(
    'project-profile-unknown',
    { file, profile, suggestion: suggestion(profile, names), profiles: names.join(', ') },
    { place: { file } },
  );
}

function withoutSettings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSettings);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'settings');
  return Object.fromEntries(
    kept.map(([name, inner]) => [
      name,
      isFields(inner) || Array.isArray(inner) ? withoutSettings(inner) : inner,
    ]),
  );
}

function compilersOf(
  solidity: unknown,
  choice: (value: unknown, path: string) => CompilerChoice,
): Pick<HardhatConfig, 'compilers' | 'overrides'> {
  const { compilers, overrides } = asFields(solidity);
  const list = Array.isArray(solidity) ? solidity : Array.isArray(compilers) ? compilers : undefined;
  const single = solidity === undefined ? [] : [choice(solidity, 'solidity')];
  const given = list?.map((one, index) => choice(one, `solidity.compilers.${index}`)) ?? single;
  const named = given.filter(({ version }) => version !== undefined);
  // Where the list could not be read as a whole, the pragmas decide for files that nothing of the rest fits.
  const open = given.find(({ version }) => version === undefined);
  const chosen = [...named, ...(open ? [open] : [])];
  return {
    compilers: chosen.length === 0 ? [{ settings: {} }] : chosen,
    overrides: Object.fromEntries(
      Object.entries(asFields(overrides)).map(([name, one]) => [
        name,
        choice(one, `solidity.overrides.${name}`),
      ]),
    ),
  };
}

/** Hardhat's own defaults, which are not the platform's. */
function withDefaults(
  settings: CompileSettings,
  of: { version: string | undefined; isOfVersion3: boolean; isProduction: boolean },
): CompileSettings {
  const exact = valid(of.version);
  const needsParis =
    !of.isOfVersion3 && settings.evmVersion === undefined && exact !== null && gte(exact, '0.8.20');
  return {
    ...settings,
    optimizer: { enabled: of.isProduction, runs: 200, ...settings.optimizer },
    ...(needsParis ? { evmVersion: 'paris' } : {}),
  };
}

function sourcesOf(value: unknown): { sources?: string[] } {
  const inner = isFields(value) ? value['solidity'] : value;
  const list = (Array.isArray(inner) ? inner : [inner]).filter((one) => typeof one === 'string');
  return list.length === 0 ? {} : { sources: list.map(tidyFolder) };
}

function asFields(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
