import type { Prover } from '../../solidity/prover.ts';
import type { StandardOutput } from '../../solidity/standard-output.ts';
import type { Category } from '../categories.ts';
import type { AuditUnit, Confidence, Counterexample, Finding, ProvedProperty, Severity } from '../types.ts';

/** The names that a request may give: the built-in analyser, and those of the list. */
export const toolNames = ['slipway', 'slither', 'aderyn', 'mythril', 'solhint', 'smtchecker'] as const;
export type ToolName = (typeof toolNames)[number];

/** An analyser that is not ours. Add one line to `tools/index.ts`. */
export interface Tool {
  /** The file's name. */
  name: Exclude<ToolName, 'slipway'>;
  title: string;
  /** What it is good for, in a sentence. */
  about: string;
  url: string;
  /** SPDX identifier. */
  licence: string;
  /** What must be installed; null for one that comes with us. */
  program: Program | null;
  /** Its own names of faults → ours. One that is not here keeps its own: `slither:xyz`. */
  mapping: Readonly<Record<string, Mapped>>;
  /** @returns why it cannot say anything about these sources, or null when it can */
  refuses(unit: AuditUnit): string | null;
  /** Looks at the sources. What it finds, and what went wrong, are values. @throws the signal's reason */
  run(unit: AuditUnit, host: ToolHost): Promise<ToolReading>;
}

/** Where one of its checks stands in our catalogue. */
export interface Mapped {
  /** Of our detector for the same fault. */
  detector?: string;
  /** The class, where no detector of ours is meant. */
  category?: Category;
}

/** A program on this machine. */
export interface Program {
  /** Looked for on the PATH, unless the operator names a file. */
  name: string;
  versionWords: readonly string[];
  /** @returns the version in what it says, `1.2.3`, or null when it names none */
  readVersion(output: string): string | null;
  /** The versions whose output is understood, a semver range. */
  versions: string;
  /** What is different outside of it, in a sentence. */
  versionNote: string;
}

/** What a tool needs of the machine; handed in, as this room touches neither files nor processes. */
export interface ToolHost {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Time that this tool has. */
  seconds: number;
  /** Runs the program of this tool in a sandbox. */
  execute(command: Command): Promise<Ended>;
  /** What the compiler says of the sources: with trees and ABIs, or with the code and its source maps as well. */
  compile(want: 'trees' | 'code'): Promise<StandardOutput>;
  /** Findings of the built-in analyser, for tools that look into them. */
  own: readonly Finding[];
  /** Opens the compiler's own solver. */
  openProver(): Promise<Prover>;
}

/** Where the program finds what it is given. */
export interface Folders {
  sources: string;
  bin: string;
  home: string;
}

export interface Command {
  words: (folders: Folders) => string[];
  /** Further files beside the sources, by path. */
  files?: Readonly<Record<string, string>>;
  /** Absolute path in one of the folders → script, or what one reads. */
  programs?: (folders: Folders) => Readonly<Record<string, string>>;
  /** A file below its home that it writes its report to. */
  report?: string;
}

/** How the program ended. */
export interface Ended {
  /** The exit status, or the signal that ended it. */
  code: number | string;
  output: string;
  /** The beginning of its standard error. */
  errors: string;
  /** The limit that it was killed for. */
  fault: 'time' | 'memory' | 'output' | null;
  /** What it wrote to `report`; null where it wrote nothing. */
  report: string | null;
}

/** One alarm of a tool. */
export interface Alarm {
  /** Its own name of the fault. */
  check: string;
  severity: Severity;
  confidence: Confidence;
  message: string;
  place: Place;
  /** Where else: what it names beside the place itself. */
  others?: Place[];
  contract?: string;
  function?: string;
  references?: string[];
  counterexample?: Counterexample;
}

/** Lines and columns count from 1; what is left out is the whole line, or the rest of the file's one line. */
export interface Place {
  file: string;
  line: number;
  column?: number;
  endLine?: number;
  endColumn?: number;
  note?: string;
}

/** What a run of a tool came to. `complete` false: something was left out, `problems` says what. */
export type ToolReading =
  | {
      ok: true;
      complete: boolean;
      alarms: Alarm[];
      problems: { file?: string; message: string }[];
      /** The checks that ran, where it says so. */
      checks?: string[];
      proofs?: Proofs;
    }
  | { ok: false; message: string };

/** What a solver proved, and what follows for findings of arithmetic. */
export interface Proofs {
  proved: ProvedProperty[];
  /** Places where arithmetic that may wrap around was proved not to, in every contract that has it. */
  settled: Place[];
  /** True where no arithmetic of an `unchecked` block is open: then what is settled can never wrap around. */
  allSettled: boolean;
}
