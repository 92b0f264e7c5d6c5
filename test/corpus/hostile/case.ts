/** An input made to do harm. `test/corpus/hostile/<name>.ts` exports one, and `index.ts` has a line for it. */
export interface HostileCase {
  /** As the file is called. */
  name: string;
  /** What it tries to break, and how. */
  why: string;
  inputs: readonly HostileInput[];
}

/** One request, and what has to be answered. */
export interface HostileInput {
  /** Which of several it is. */
  name?: string;
  /** Below `/api/v1/`; `contracts/compile` unless it is said. */
  path?: string;
  /** A JSON value, or bytes that go as they are. Made when it is sent: megabytes are not kept. */
  body(): unknown;
  answer: Answer;
}

/** What a caller has to be told. */
export type Answer =
  /** The request itself is refused; `pointer` is that of the first field, where fields are named. */
  | { kind: 'refused'; status: number; code: string; pointer?: string }
  /** The job ends with this error. */
  | { kind: 'failed'; code: string }
  /** The compiler refuses the sources, for these reasons among others: its codes, or types where it has none. */
  | { kind: 'not-compilable'; diagnostics: readonly string[] }
  /** One of these: which one depends on how far the compiler comes within its limits. */
  | { kind: 'one-of'; answers: readonly Answer[] }
  /** The job succeeds; these are among the codes of its diagnostics, and none of them is an error. */
  | { kind: 'succeeded'; diagnostics: readonly string[] };

export const refused = (status: number, code: string, pointer?: string): Answer => ({
  kind: 'refused',
  ...{ status, code },
  ...(pointer === undefined ? {} : { pointer }),
});
export const failed = (code: string): Answer => ({ kind: 'failed', code });
export const notCompilable = (...diagnostics: string[]): Answer => ({ kind: 'not-compilable', diagnostics });
export const succeeded = (...diagnostics: string[]): Answer => ({ kind: 'succeeded', diagnostics });

export const oneOf = (...answers: Answer[]): Answer => ({ kind: 'one-of', answers });

/** What a source begins with, so that nothing is warned of but what a case is about. */
export const header = '// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n';

/** A request with one file. */
export const oneFile = (text: string, more: object = {}) => ({ sources: { 'A.sol': text }, ...more });

/** So many texts, one below the other. */
export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}
