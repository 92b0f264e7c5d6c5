import { limits } from '../../lib/limits.ts';
import type { Compiler, ExecutableOutcome, PreparedCompile } from '../../solidity/types.ts';
import { type AuditReport, type Finding, severities } from '../types.ts';
import { provable } from './provable.ts';
import { notProven } from './search.ts';
import type { Prover } from './start-prover.ts';

/**
 * Tries to show the findings of a report by execution, the worst first, for as long as all of them together may take.
 *
 * @param options.seconds for all findings together, `limits.proofsSeconds` by default
 * @param options.now milliseconds; only differences are used
 * @returns the report with `proof` in each finding that can be shown at all
 */
export async function proveFindings(
  report: AuditReport,
  options: {
    compiler: Compiler;
    prover: Prover;
    /** The compiles that were audited. */
    compiles: readonly PreparedCompile[];
    seconds?: number;
    signal?: AbortSignal | undefined;
    now: () => number;
    onFinding?: (finding: Finding) => void;
  },
): Promise<AuditReport> {
  const { compiler, prover, compiles, signal, now } = options;
  const wanted = report.findings.filter(({ detector, suppressed }) => provable[detector] && !suppressed);
  if (wanted.length === 0) return report;
  const started = now();
  const outcomes = new Map<PreparedCompile, Promise<ExecutableOutcome>>();
  const outcomeOf = (finding: Finding) => {
    const prepared = compiles.find(({ ownFiles }) => ownFiles.includes(finding.location.file));
    if (!prepared) return undefined;
    const outcome = outcomes.get(prepared) ?? compiler.executables(prepared, signal ? { signal } : {});
    outcomes.set(prepared, outcome);
    return outcome;
  };
  const left = () => (options.seconds ?? limits.proofsSeconds) - (now() - started) / 1_000;
  const proofs = new Map<Finding, Finding>();
  for (const finding of wanted.sort((a, b) => rank(a) - rank(b))) {
    const none = (why: string) => ({ ...notProven(why), seconds: 0 });
    const outcome = left() < 1 ? undefined : await outcomeOf(finding);
    const proof =
      outcome?.ok === false
        ? none('no code could be made of the sources')
        : !outcome || left() < 1
          ? none('the time for all proofs together was over')
          : await prover.prove(outcome, finding, {
              clockSeconds: Math.min(left(), limits.proofClockSeconds),
              signal,
            });
    if (!proof) continue;
    const shown = { ...finding, proof };
    proofs.set(finding, shown);
    options.onFinding?.(shown);
  }
  return { ...report, findings: report.findings.map((finding) => proofs.get(finding) ?? finding) };
}

function rank({ severity }: Finding): number {
  return severities.indexOf(severity);
}
