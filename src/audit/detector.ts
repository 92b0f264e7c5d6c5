import type { AstNode } from '../solidity/types.ts';
import type { Category } from './categories.ts';
import type { Frame } from './ir/frames.ts';
import type { Program } from './ir/program.ts';
import type { Runs } from './ir/runs.ts';
import type { Confidence, Severity } from './types.ts';

/** What a detector looks at: the linked syntax trees, and every entry point run symbolically. */
export interface Audited {
  program: Program;
  runs: Runs;
}

/** One finding as a detector states it; what it leaves out comes from the detector. */
export interface Sighting {
  /** The expression at fault. A place inside a dependency is reported at the caller's own line that leads there. */
  node: AstNode;
  /** The activation it was found in: gives the way from the entry point. */
  frame?: Frame;
  /** One sentence about this very place. */
  message: string;
  /** Said of the place in the path; the message when it is left out. */
  note?: string;
  /** Further steps after the place itself. */
  steps?: { node: AstNode; frame?: Frame; note: string }[];
  severity?: Severity;
  confidence?: Confidence;
  fix?: string;
}

export type Report = (sighting: Sighting) => void;

/** A public incident that a fault of this kind brought about. */
export interface Loss {
  /** Of what was attacked. */
  name: string;
  year: number;
  /** US dollars at the time, roughly; null where no figure is certain. */
  usd: number | null;
  /** What happened, in one sentence. */
  what: string;
}

/** The rule, its documentation page and its test in one file. Add one line to `detectors/index.ts`. */
export interface Detector {
  /** The file's name. */
  id: string;
  /** The class of faults that it belongs to. */
  category: Category;
  severity: Severity;
  confidence: Confidence;
  /** It misses something in the contract as a whole, wherever it points to. */
  isOfWhole?: boolean;
  title: string;
  /** Why it is a fault. */
  why: string;
  /** How somebody takes advantage of it, in two or three sentences. */
  exploit: string;
  fix: string;
  /** SWC, CWE, OWASP Smart Contract Top 10, EEA EthTrust. */
  references: string[];
  /** Where it cost somebody money, the best known first; only what is public and certain. */
  losses?: Loss[];
  /** Whole source files; each expected line ends with the comment `// <-- finding`. */
  bad: string[];
  /** Whole source files without a finding of this detector. */
  good: string[];
  run(audited: Audited, report: Report): void;
}
