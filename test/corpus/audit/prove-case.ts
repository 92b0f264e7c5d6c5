import { detectors } from '../../../src/audit/detectors/index.ts';
import { provable } from '../../../src/audit/proof/provable.ts';
import type { Prover } from '../../../src/audit/proof/start-prover.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import type { Compiler, PreparedCompile, Sources } from '../../../src/solidity/types.ts';
import { caseFile, placesOf } from './audit-case.ts';
import type { AuditCase } from './read-cases.ts';
import { isRight } from './score.ts';

/** One finding that was to be shown. */
export interface Tried {
  name: string;
  part: AuditCase['part'];
  line: number;
  detector: string;
  /** A label says that it is one. */
  isRight: boolean;
  /** High or critical. */
  isSevere: boolean;
  /** Nothing is wrong in its contract. */
  isSafe: boolean;
  isProven: boolean;
  seconds: number;
  summary: string;
}

/**
 * Audits one case and tries to prove what is high or critical, and in contracts without a fault whatever is found.
 *
 * @throws Error where it does not compile
 */
export async function proveCase(
  { compiler, prover, detector }: { compiler: Compiler; prover: Prover; detector?: string },
  one: AuditCase,
): Promise<Tried[]> {
  const outcome = await compiler.executables(compiler.prepare({ sources: { [caseFile]: one.source } }));
  if (!outcome.ok) throw new Error(`${one.name} does not compile`);
  const { prepared, asts } = outcome;
  const sources = sourcesOf(prepared);
  const unit = { compiler: prepared.compiler, sources, asts, ownFiles: prepared.ownFiles };
  const around = placesOf(unit);
  const isSafe = one.expected.length === 0;
  const tried: Tried[] = [];
  for (const finding of runAudit(unit, { now: () => 0 }).findings) {
    const isSevere = finding.severity === 'high' || finding.severity === 'critical';
    if (!provable[finding.detector] || (!isSevere && !isSafe)) continue;
    if (detector !== undefined && detector !== finding.detector) continue;
    const category = detectors.find(({ id }) => id === finding.detector)?.category;
    const proof = await prover.prove(outcome, finding);
    if (!proof || !category) continue;
    const { line } = finding.location;
    tried.push({
      ...{ name: one.name, part: one.part, line, detector: finding.detector, isSevere, isSafe },
      isRight: isRight(one, { category, line, inside: around(line) }),
      isProven: proof.status === 'proven',
      ...{ seconds: proof.seconds, summary: proof.summary },
    });
  }
  return tried;
}

function sourcesOf({ input }: PreparedCompile): Sources {
  return Object.fromEntries(Object.entries(input.sources).map(([file, { content }]) => [file, content]));
}
