import { type Category, categories } from '../../../src/audit/categories.ts';
import type { Severity } from '../../../src/audit/types.ts';
import type { AuditCase } from './read-cases.ts';

/** A finding as far as it counts. */
export interface Found {
  category: Category;
  severity: Severity;
  detector: string;
  line: number;
  /** First and last line of the function, or else of the contract, that it points into. */
  inside: { from: number; to: number };
}

/** What was found in one case. */
export interface Audited {
  one: AuditCase;
  found: readonly Found[];
  /** Where the places of the case lie: the function, or else the contract, around each expected line. */
  around(line: number): { from: number; to: number };
}

/** What became of the labels of one class, and of the findings that name it. */
export interface ClassScore {
  expected: number;
  found: number;
  /** Of these, with a finding on the very line. */
  exact: number;
  right: number;
  wrong: number;
}

export interface Score {
  perClass: Record<Category, ClassScore>;
  /** Labels that nothing was found for, and findings that no label is there for. */
  failures: { name: string; part: AuditCase['part']; text: string }[];
}

const counted: readonly Severity[] = ['critical', 'high', 'medium'];

/** Compares findings with labels. Pure. */
export function scoreAudits(audits: readonly Audited[]): Score {
  const perClass = Object.fromEntries(
    categories.map((name) => [name, { expected: 0, found: 0, exact: 0, right: 0, wrong: 0 }]),
  ) as Record<Category, ClassScore>;
  const failures: Score['failures'] = [];
  for (const { one, found, around } of audits) {
    const fail = (text: string) => failures.push({ name: one.name, part: one.part, text });
    for (const { line, category } of one.expected) {
      const score = perClass[category];
      const { from, to } = around(line);
      const own = found.filter((each) => each.category === category && each.line >= from && each.line <= to);
      score.expected += 1;
      if (own.length > 0) score.found += 1;
      else fail(`line ${line}: ${category} is not found`);
      if (own.some((each) => each.line === line)) score.exact += 1;
    }
    for (const { category, severity, detector, line, inside } of found) {
      if (!counted.includes(severity)) continue;
      const right = isRight(one, { category, line, inside });
      perClass[category][right ? 'right' : 'wrong'] += 1;
      if (!right) fail(`line ${line}: ${detector} is wrong`);
    }
  }
  return { perClass, failures };
}

/** @returns whether a label says so: a fault of another class on the very line is no false alarm either */
export function isRight(
  { expected }: AuditCase,
  { category, line, inside }: Pick<Found, 'category' | 'line' | 'inside'>,
): boolean {
  return expected.some(
    (label) =>
      label.line === line ||
      (label.category === category && label.line >= inside.from && label.line <= inside.to),
  );
}

/** @returns shares from 0 to 1 over all classes; 1 where there is nothing to find, or nothing was found */
export function overall(perClass: Score['perClass']): { recall: number; precision: number } {
  const sum = (field: keyof ClassScore) =>
    Object.values(perClass).reduce((total, score) => total + score[field], 0);
  return {
    recall: share(sum('found'), sum('expected')),
    precision: share(sum('right'), sum('right') + sum('wrong')),
  };
}

/** @returns from 0 to 1; 1 of nothing */
export function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
