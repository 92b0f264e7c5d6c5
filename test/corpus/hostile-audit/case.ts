import type { ToolStatus } from '../../../src/audit/types.ts';
import type { Sources } from '../../../src/solidity/types.ts';

/** Sources made to do harm to the analyser. `test/corpus/hostile-audit/<name>.ts` exports some, and `index.ts` has a line for it. */
export interface HostileAudit {
  /** As the file is called. */
  name: string;
  /** What it tries to break, and how. */
  why: string;
  inputs: readonly HostileAuditInput[];
}

export interface HostileAuditInput {
  /** Which of several it is. */
  name: string;
  /** Made when it is audited: megabytes are not kept. */
  sources(): Sources;
  answer: AuditAnswer;
}

/** What has to come out of it. */
export type AuditAnswer =
  /** Nothing is looked at, for this reason. */
  | { refused: string }
  /** Nothing can be looked at; the compiler says why. */
  | { nothing: true }
  | {
      /** One of these: how far it comes may depend on the limits. */
      status: readonly ToolStatus[];
      /** Detectors whose findings must be there. */
      finds?: readonly string[];
      /** Part of a problem that must be named. */
      problem?: RegExp;
    };

export const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** A function that has a fault: what else is in the sources must not hide it. */
export const faulty = 'function leak(address payable to) external { selfdestruct(to); }';
export const finding = 'unprotected-selfdestruct';
