import type { CompileRequest, CompileSettings, RequestNote } from '../types.ts';

/** The files of a project, whether they come from an archive or from a folder. Paths are relative, with `/`. */
export interface ProjectFiles {
  /**
   * What is known to be there: `.sol`, `.yul` and configuration files. A folder's `node_modules` may be left out,
   * because it is far larger than what imports reach; `read` and `hasFolder` know it all the same.
   */
  paths: ReadonlySet<string>;
  /** @returns undefined where there is no such file */
  read(path: string): Uint8Array | undefined;
  hasFolder(path: string): boolean;
}

/** What a caller may say about a project beside its files. */
export interface ProjectOptions {
  /** A profile of `foundry.toml`, or a build profile of Hardhat 3. */
  profile?: string;
  contract?: string;
  entry?: string;
  /** In place of the compiler that the project names. */
  compiler?: string;
  /** Each setting given here is taken in place of the project's. */
  settings?: CompileSettings;
  /** Tests and scripts too, which are left out by default. */
  tests?: boolean;
}

export type ProjectLayout = 'hardhat' | 'foundry' | 'plain';

/** A project as the compile service takes it. */
export interface ReadProject {
  request: CompileRequest;
  layout: ProjectLayout;
  /** Where in what was given the project lies; empty for its top. Names are relative to it. */
  root: string;
  /** How the project was read; `request.notes` has the same. */
  notes: RequestNote[];
}

/** A compiler as a project's configuration asks for it. */
export interface CompilerChoice {
  /** An exact version or a range; absent where the pragmas decide. */
  version?: string;
  settings: CompileSettings;
}

/** What the configuration of a project comes to. */
export interface ProjectConfig {
  layout: ProjectLayout;
  /** Folders with the project's own sources. Empty: everything that is not somebody else's. */
  sources: string[];
  /** Folders with tests and scripts. */
  tests: string[];
  /** Folders with other people's sources. */
  libs: string[];
  /** Written ones and those that the tool makes by itself; none twice. */
  remappings: string[];
  /** Whether `node_modules/x/Y.sol` is called `x/Y.sol`, as Hardhat does. */
  npmNames: boolean;
  /** Several where each file takes the newest that its pragmas allow; never empty. */
  compilers: CompilerChoice[];
  /** By source name, for single files. */
  overrides: Record<string, CompilerChoice>;
  notes: RequestNote[];
}
