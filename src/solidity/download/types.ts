import type { Artifact, LibraryUse, StandardInput } from '../types.ts';

export type DownloadLayout = 'hardhat' | 'foundry';

/** Path → text. */
export type Files = Record<string, string>;

/** A build as it is made into a project. */
export interface DownloadedBuild {
  buildId: string;
  inputHash: string;
  compiler: string;
  compilerLong: string;
  entry: string;
  contract: string | null;
  ownFiles: readonly string[];
  libraries: readonly LibraryUse[];
  input: StandardInput;
  artifacts: readonly Artifact[];
}

/** Where the files of a project stand, and what its configuration has to say of it. */
export interface Arrangement {
  /** Sources that the project carries, at their names. */
  sources: Files;
  /** npm package → exact version, for the sources that it does not carry. */
  dependencies: Record<string, string>;
  /** The folder that holds all own files and nothing else; `.` where there is none. */
  sourceFolder: string;
  /** The settings with nothing left to a tool's defaults. */
  settings: StandardInput['settings'];
}
