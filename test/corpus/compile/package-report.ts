import type { Artifact } from '../../../src/solidity/types.ts';
import { differences } from './compare-code.ts';
import type { CorpusPackage, Explanation } from './corpus-package.ts';
import type { Project } from './package-files.ts';
import type { CompileUnit, Failure } from './plan-compiles.ts';
import type { ShippedArtifact } from './shipped-artifacts.ts';

/** A package with what was planned, and what came of it. */
export interface PackageRun {
  pkg: CorpusPackage;
  project: Project;
  shipped: ShippedArtifact[];
  units: CompileUnit[];
  failures: Failure[];
  artifacts: Artifact[];
  compileMs: number;
}

/** Something that is not as one would wish, and why it is nevertheless right, where the settings say so. */
export interface Remark {
  of: Explanation['of'];
  /** A file, or `file:Contract`. */
  at: string;
  says: string;
  reason?: string;
}

/** What came of one package. */
export interface PackageReport {
  name: string;
  package: string;
  version: string;
  /** Source files of the package; each is compiled, or checked only, or failed. */
  files: number;
  compiled: number;
  checked: number;
  failed: number;
  /** Contracts, interfaces and libraries of these files that were compiled. */
  contracts: number;
  /** Contracts whose code was compared with the package's own, those of its dependencies included. */
  bytecodeCompared: number;
  bytecodeEqual: number;
  /** Contracts that the package ships code of, and that are tests or only tests reach. */
  bytecodeOfTests: number;
  /** Of the compiler's own calls. */
  compileSeconds: number;
  remarks: Remark[];
  /** Explanations that explain nothing any more. */
  stale: string[];
}

const unsourced = 'the package ships its code and not its source';

/** Compares what was compiled with what the package ships, and finds the reasons that its settings give. */
export function reportPackage(plan: PackageRun): PackageReport {
  const { pkg, project, shipped, failures, artifacts } = plan;
  const byName = new Map(artifacts.map((artifact) => [`${artifact.file}:${artifact.contract}`, artifact]));
  const remarks: Remark[] = failures.map(({ file, contract, cause }) => ({
    of: 'failure',
    at: contract === undefined ? file : `${file}:${contract}`,
    says: cause,
  }));
  const tests = testsOf(plan);
  let bytecodeCompared = 0;
  let bytecodeEqual = 0;
  let bytecodeOfTests = 0;
  for (const one of shipped) {
    const at = `${one.file}:${one.contract}`;
    const ours = byName.get(at);
    if (!ours) {
      if (tests.has(one.file)) bytecodeOfTests++;
      else if (!failures.some(({ file }) => file === one.file))
        remarks.push({ of: 'no source', at, says: unsourced });
      continue;
    }
    bytecodeCompared++;
    const found = differences(ours, one);
    if (found.length === 0) bytecodeEqual++;
    for (const says of found) remarks.push({ of: 'difference', at, says });
  }
  const failed = new Set(failures.map(({ file }) => file).filter((file) => project.own.has(file)));
  const checked = [...project.own.keys()].filter((file) => tests.has(file) && !failed.has(file)).length;
  return {
    name: pkg.name,
    package: pkg.package,
    version: pkg.version,
    files: project.own.size,
    compiled: project.own.size - checked - failed.size,
    checked,
    failed: failed.size,
    contracts: artifacts.filter(({ file }) => project.own.has(file)).length,
    ...{ bytecodeCompared, bytecodeEqual, bytecodeOfTests },
    compileSeconds: inSeconds(plan.compileMs),
    ...explain(remarks, pkg.explained ?? []),
  };
}

/** Files that were checked only, with what nothing else reaches. */
function testsOf({ project, units }: PackageRun): ReadonlySet<string> {
  const targets = (checkOnly: boolean) =>
    units.flatMap((unit) => (unit.checkOnly === checkOnly ? unit.targets : []));
  const compiled = new Set(targets(false));
  return new Set([...project.reach(targets(true)).files.keys()].filter((file) => !compiled.has(file)));
}

function explain(remarks: readonly Remark[], explanations: readonly Explanation[]) {
  const used = new Set<Explanation>();
  const explained = remarks.map((remark) => {
    const found = explanations.find(
      ({ of, at, says }) => of === remark.of && at.test(remark.at) && says.test(remark.says),
    );
    if (!found) return remark;
    used.add(found);
    return { ...remark, reason: found.reason };
  });
  const stale = explanations.filter((one) => !used.has(one)).map(({ of, at }) => `${of} at ${at.source}`);
  return { remarks: explained, stale };
}

/** To a tenth. */
export function inSeconds(ms: number): number {
  return Number((ms / 1_000).toFixed(1));
}
