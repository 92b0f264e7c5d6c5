import type { CompileSettings } from '../../../src/solidity/types.ts';

/** Settings as the project publishes them (standard JSON names). */
export type PublishedSettings = CompileSettings & {
  metadata?: { bytecodeHash?: 'none' | 'ipfs' | 'bzzr1'; appendCBOR?: boolean };
};

/** Files of a package that are compiled with the same settings. */
export interface CompileGroup {
  /** How the names of its files begin; when absent, every file that no group before has. */
  files?: readonly string[];
  /** Exact versions; a file takes the first that the pragmas of all it reaches allow. */
  compilers: readonly string[];
  settings: PublishedSettings;
}

/** The tool that wrote the artifacts: each has a form of its own. */
export type ArtifactForm = 'hardhat' | 'foundry' | 'waffle';

/** Why something in the report is as it should be. One that explains nothing is reported: it is out of date. */
export interface Explanation {
  /** A file that does not compile, code that differs, or an artifact whose source the package does not carry. */
  of: 'failure' | 'difference' | 'no source';
  /** Tried on the file's name, or on `file:Contract`. */
  at: RegExp;
  /** Tried on what the report says; nothing else at the same place is excused. */
  says: RegExp;
  reason: string;
}

/** One npm package of the corpus. `packages/<name>.ts` exports one, and `packages/index.ts` has a line for it. */
export interface CorpusPackage {
  /** Its name in the report, and after `--package`. */
  name: string;
  /** Its folder below `node_modules`: the name in `package.json` here. */
  package: string;
  version: string;
  /** Where the settings are published, for people. */
  source: string;
  /** Folders of sources in the package → what the project calls them. */
  sources: Readonly<Record<string, string>>;
  remappings?: readonly string[];
  /**
   * How names of files outside the package begin → where they lie below `node_modules`. What is not here is looked
   * for as Node does: in the package's own `node_modules`, then beside the package.
   */
  dependencies?: Readonly<Record<string, string>>;
  groups: readonly CompileGroup[];
  /**
   * Tests of the project, which nobody deploys: unless they are asked for, the compiler reads and checks them and makes
   * no code. (Each carries the code of all that it tests: they take four fifths of the time of all packages together.)
   */
  tests?: RegExp;
  /** Absent when the package ships none. */
  artifacts?: { folder: string; form: ArtifactForm };
  explained?: readonly Explanation[];
}
