import type { AstNode, Sources } from '../solidity/types.ts';
import type { Proof } from './proof/types.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'info', 'gas'] as const;
export type Severity = (typeof severities)[number];
export const confidences = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof confidences)[number];

/** What a tool did. "Not run" is never a pass. */
export type ToolStatus = 'passed' | 'findings' | 'partial' | 'failed' | 'unavailable' | 'not_applicable';

export interface Location {
  file: string;
  /** Lines and columns count from 1. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  excerpt: string;
  /** What happens here, for a location that is a step of the path. */
  note?: string;
}

export interface Finding {
  /** Stable across moved lines and unrelated edits: hash of detector, contract, function, and normalised code. */
  fingerprint: string;
  detector: string;
  severity: Severity;
  confidence: Confidence;
  title: string;
  /** One sentence about this very place. */
  message: string;
  location: Location;
  /** The steps that lead to it, in order. */
  path: Location[];
  contract?: string;
  function?: string;
  why: string;
  exploit: string;
  fix: string;
  references: string[];
  /** Set when a comment in the source disables it. */
  suppressed?: { reason: string; line: number };
  /** Set where somebody has waived its fingerprint in the project, for as long as that holds. */
  waived?: { id: string; reason: string; by: string; at: string; expiresAt: string | null };
  /** The external analyser that reports it; absent for the built-in one. */
  tool?: string;
  /** Other analysers that report the same class of fault at the same place. */
  corroboratedBy?: string[];
  /** Values under which the solver makes it happen. */
  counterexample?: Counterexample;
  /** Where a proof was asked for and can be given for this detector: whether an attack was carried out. */
  proof?: Proof;
}

/** A run that a solver found: from the constructor on, transaction by transaction. */
export interface Counterexample {
  /** Variables by name at the moment it happens, as the solver writes them. */
  values: Record<string, string>;
  trace: { call: string; state?: string }[];
}

/** Something that a solver proved to hold in every run of a contract. */
export interface ProvedProperty {
  /** e.g. `overflow`. */
  property: string;
  contract: string;
  location: Location;
}

export interface ToolReport {
  tool: string;
  version: string;
  status: ToolStatus;
  seconds: number;
  /** Detectors that failed, and files or parts of them that were left out, while the rest stands. */
  problems: {
    detector?: string;
    file?: string;
    line?: number;
    contract?: string;
    function?: string;
    message: string;
  }[];
  /** Detectors that ran. */
  detectors: string[];
  /** What a solver proved. */
  proved?: ProvedProperty[];
  /** Contracts that are unchanged copies of a library's: nothing in them is reported. */
  copies?: { contract: string; file: string; library: string; version: string }[];
}

/** What the analyser looks at: typed ASTs of everything, findings only in `ownFiles`. */
export interface AuditUnit {
  compiler: string;
  sources: Sources;
  asts: Record<string, AstNode>;
  ownFiles: string[];
}

export interface AuditReport {
  tools: ToolReport[];
  findings: Finding[];
  /** The highest severity of the findings that are neither suppressed nor waived; null when there is none. Never a sum. */
  overall: Severity | null;
  counts: Record<Severity, number>;
}

/** What blocks a deployment. `name` is one of the list in `policies.ts`. */
export interface Policy {
  name: 'local' | 'testnet' | 'mainnet';
  auditRequired: boolean;
  /** Findings of these severities block … */
  blockSeverities: Severity[];
  /** … when their confidence is one of these. */
  blockConfidences: Confidence[];
  /** A deployment must be confirmed explicitly by the caller. */
  explicitConfirmation: boolean;
}

export interface Acknowledgement {
  fingerprint: string;
  reason: string;
}

export interface GateDecision {
  decision: 'pass' | 'blocked';
  policy: Policy['name'];
  /** Why it is blocked, one entry a cause. */
  reasons: { code: string; message: string }[];
  blocking: Finding[];
  acknowledged: (Acknowledgement & { detector: string; severity: Severity })[];
  /** What would block, had nobody waived it; absent in decisions of before there were waivers. */
  waived?: (Acknowledgement & { detector: string; severity: Severity; by: string; waiver: string })[];
}
