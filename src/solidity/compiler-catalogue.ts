import { AppError } from '../lib/app-error.ts';
import { bundledFiles, bundledVersions } from './bundled-compilers.ts';
import type { Downloads } from './download-compilers.ts';
import { fail } from './errors.ts';
import type { NativeCompilers } from './native-compilers.ts';
import type { CompilerFile } from './process/messages.ts';
import type { CompilerEntry } from './types.ts';

/** Every compiler that this installation has or can get. */
export interface CompilerCatalogue {
  /** What to choose from: `bundled` first, `listed` only where no bundled one fits. Newest first. */
  versions(): CompilerVersions;
  entries(): CompilerEntry[];
  /** @throws AppError `compiler-not-bundled`, `compiler-download-failed` */
  file(version: string): Promise<CompilerFile>;
  /** After an error of the choice of a compiler: whether there is something new to choose from. */
  learn(error: unknown): Promise<boolean>;
}

export interface CompilerVersions {
  bundled: readonly string[];
  /** Those that the official list offers beside. */
  listed: readonly string[];
}

/** Errors that another compiler could help with. */
const choiceCodes = new Set([
  'compiler-not-bundled',
  'pragma-unsatisfied',
  'pragma-conflict',
  'pragma-excludes-compiler',
]);

export function createCatalogue(parts: {
  downloads: Downloads | null;
  natives: NativeCompilers | null;
}): CompilerCatalogue {
  const { downloads, natives } = parts;
  const bundled = bundledVersions();
  const files = new Map(bundledFiles().map((file) => [file.version, file]));
  const listed = () =>
    (downloads?.releases() ?? []).map(({ version }) => version).filter((version) => !files.has(version));

  return {
    versions: () => ({ bundled, listed: listed() }),
    entries() {
      const native = new Set(natives?.versions());
      return [
        ...bundled.map((version) => ({
          version,
          source: 'bundled' as const,
          native: native.has(version),
        })),
        ...listed().map((version) => ({
          version,
          source: downloads?.isHere(version) ? ('downloaded' as const) : ('listed' as const),
          native: native.has(version),
        })),
      ];
    },
    async file(version) {
      const file = files.get(version) ?? (await downloads?.file(version));
      if (!file) throw fail('compiler-not-bundled', { wanted: version, versions: bundled.join(', ') });
      return file;
    },
    async learn(error) {
      if (!downloads || !(error instanceof AppError) || !choiceCodes.has(error.code)) return false;
      return downloads.learn();
    },
  };
}
