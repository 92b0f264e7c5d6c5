import { detectors } from '../../../src/audit/detectors/index.ts';
import { descendants } from '../../../src/audit/ir/ast.ts';
import { indexSources } from '../../../src/audit/ir/source-index.ts';
import { runAudit } from '../../../src/audit/run-audit.ts';
import { unitOf } from '../../../src/audit/test-support.ts';
import type { AuditUnit } from '../../../src/audit/types.ts';
import type { Compiler } from '../../../src/solidity/types.ts';
import type { AuditCase } from './read-cases.ts';
import type { Audited, Found } from './score.ts';

/** The file that a case is compiled as. */
export const caseFile = 'Case.sol';

/**
 * Compiles one case and audits it with every detector.
 *
 * @throws Error where it does not compile, or a part of the audit failed
 */
export async function auditCase(compiler: Compiler, one: AuditCase): Promise<Audited> {
  const unit = await unitOf(compiler, { [caseFile]: one.source }).catch((error: Error) => {
    throw new Error(`${one.name} does not compile: ${error.message}`);
  });
  const report = runAudit(unit, { now: () => 0 });
  for (const { status, problems } of report.tools) {
    if (status === 'failed' || status === 'partial')
      throw new Error(`${one.name}: ${problems.map(({ message }) => message).join('; ')}`);
  }
  const around = placesOf(unit);
  const categoryOf = new Map(detectors.map(({ id, category }) => [id, category]));
  const found = report.findings.flatMap((finding): Found[] => {
    const category = categoryOf.get(finding.detector);
    if (!category) return [];
    const { line } = finding.location;
    return [{ category, severity: finding.severity, detector: finding.detector, line, inside: around(line) }];
  });
  return { one, found, around };
}

/** @returns the smallest function, modifier or contract that a line stands in */
export function placesOf(unit: AuditUnit): (line: number) => { from: number; to: number } {
  const source = indexSources(unit.sources, unit.asts);
  const root = unit.asts[caseFile];
  const nodes = root
    ? descendants(root, 'FunctionDefinition', 'ModifierDefinition', 'ContractDefinition')
    : [];
  const places = nodes.flatMap((node) => {
    const place = source.locate(node);
    return place ? [{ from: place.line, to: place.endLine }] : [];
  });
  places.sort((a, b) => a.to - a.from - (b.to - b.from));
  return (line) => places.find(({ from, to }) => from <= line && line <= to) ?? { from: line, to: line };
}
