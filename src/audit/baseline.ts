import { z } from 'zod';
import { fail } from './errors.ts';
import { normaliseCode } from './fingerprints.ts';
import { isOpen, isWhole } from './open-findings.ts';
import { type AuditReport, type Finding, severities } from './types.ts';

/** What is kept of a finding of an earlier audit. */
export type BaselineFinding = Pick<
  Finding,
  'fingerprint' | 'detector' | 'severity' | 'message' | 'contract' | 'function'
> & { location: Pick<Finding['location'], 'file' | 'line' | 'excerpt'> };

/** An audit beside an earlier one, over what counts in each. */
export interface Comparison {
  /** What it is compared with: an audit's id, or a file's name. */
  with: string;
  /** Fingerprints of open findings that the earlier audit did not have. */
  new: string[];
  unchanged: string[];
  /**
   * What the earlier audit had and this one does not find any more, suppressed and waived or not. Null where a part was not
   * looked at: what is not found may be there.
   */
  fixed: BaselineFinding[] | null;
}

/** @returns the part of a report that a later audit is compared with: its open findings, in an order that edits keep */
export function toBaseline(findings: readonly Finding[]): { version: 1; findings: BaselineFinding[] } {
  const kept = findings.filter(isOpen).map(toBaselineFinding);
  return { version: 1, findings: kept.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)) };
}

/**
 * Reads a baseline file, or a whole report as JSON.
 *
 * @param name for messages
 * @throws AppError `baseline-invalid`
 */
export function readBaseline(name: string, text: string): BaselineFinding[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail('baseline-invalid', { name, reason: (error as Error).message }, { cause: error });
  }
  const result = baselineSchema.safeParse(value);
  if (result.success) return result.data.findings.filter(isOpen).map(toBaselineFinding);
  const [issue] = result.error.issues;
  const reason = issue ? `${issue.path.join('.') || 'its top'}: ${issue.message}` : 'it has another shape';
  throw fail('baseline-invalid', { name, reason });
}

/**
 * Compares by fingerprint. What is left over on both sides and differs in the contract's name only, once on each, is
 * the same finding in a contract that got another name.
 */
export function compareAudits(
  report: Pick<AuditReport, 'findings' | 'tools'>,
  earlier: { name: string; findings: readonly BaselineFinding[] },
): Comparison {
  const { findings } = report;
  const before = new Set(earlier.findings.map(({ fingerprint }) => fingerprint));
  const now = new Set(findings.map(({ fingerprint }) => fingerprint));
  const gone = earlier.findings.filter(({ fingerprint }) => !now.has(fingerprint));
  const come = findings.filter(({ fingerprint }) => !before.has(fingerprint));
  const [here, there] = [Map.groupBy(come, kindOf), Map.groupBy(gone, kindOf)];
  const renamed = [...there].flatMap(([kind, [first, ...more]]) => {
    const [other, ...others] = here.get(kind) ?? [];
    return first && other && more.length + others.length === 0 ? [{ from: first, to: other }] : [];
  });
  const followed = new Set(renamed.map(({ from }) => from.fingerprint));
  const known = new Set([...before, ...renamed.map(({ to }) => to.fingerprint)]);
  const open = findings.filter(isOpen).map(({ fingerprint }) => fingerprint);
  return {
    with: earlier.name,
    new: open.filter((fingerprint) => !known.has(fingerprint)),
    unchanged: open.filter((fingerprint) => known.has(fingerprint)),
    fixed: isWhole(report)
      ? gone.filter(({ fingerprint }) => !followed.has(fingerprint)).map(toBaselineFinding)
      : null,
  };
}

/** @returns the comparison as one line says it: `2 new, 1 unchanged, 0 no longer found` */
export function describeComparison({ new: added, unchanged, fixed }: Comparison): string {
  const gone = fixed === null ? 'what is gone is not known' : `${fixed.length} no longer found`;
  return `${added.length} new, ${unchanged.length} unchanged, ${gone}`;
}

/** The open findings that count against whoever made the change: the new ones where there is a baseline, else all. */
export function countedFindings(
  report: Pick<AuditReport, 'findings'>,
  comparison: Comparison | undefined,
): Finding[] {
  const open = report.findings.filter(isOpen);
  if (!comparison) return open;
  const fresh = new Set(comparison.new);
  return open.filter(({ fingerprint }) => fresh.has(fingerprint));
}

function kindOf({ detector, function: name, location }: BaselineFinding): string {
  return [detector, name ?? '', normaliseCode(location.excerpt)].join('\n');
}

function toBaselineFinding(finding: BaselineFinding): BaselineFinding {
  const { fingerprint, detector, severity, message, contract, location } = finding;
  return {
    ...{ fingerprint, detector, severity, message },
    ...(contract === undefined ? {} : { contract }),
    ...(finding.function === undefined ? {} : { function: finding.function }),
    location: { file: location.file, line: location.line, excerpt: location.excerpt },
  };
}

const baselineSchema = z.object({
  findings: z.array(
    z.object({
      fingerprint: z.string(),
      detector: z.string(),
      severity: z.enum(severities),
      message: z.string(),
      contract: z.string().exactOptional(),
      function: z.string().exactOptional(),
      location: z.object({ file: z.string(), line: z.number(), excerpt: z.string() }),
      suppressed: z.object({ reason: z.string(), line: z.number() }).exactOptional(),
      waived: z
        .object({
          ...{ id: z.string(), reason: z.string(), by: z.string() },
          ...{ at: z.string(), expiresAt: z.string().nullable() },
        })
        .exactOptional(),
    }),
  ),
});
