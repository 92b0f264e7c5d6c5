import type { Compiler } from '../../../src/solidity/types.ts';
import { compileUnit } from './compile-unit.ts';
import type { CorpusPackage } from './corpus-package.ts';
import { readProject } from './package-files.ts';
import { inSeconds, type PackageReport, type PackageRun, reportPackage } from './package-report.ts';
import { type CompileUnit, planCompiles } from './plan-compiles.ts';
import { readShippedArtifacts } from './shipped-artifacts.ts';

/**
 * Compiles packages of the corpus from their files alone, through a compile service that runs already, and compares
 * the code with what the packages ship. The longest compiles are asked for first, so that no worker idles at the end.
 *
 * @param options.modules the `node_modules` folder they are in
 * @param options.tests whether to make code of tests too
 */
export async function runPackages(options: {
  packages: readonly CorpusPackage[];
  modules: string;
  compiler: Compiler;
  tests?: boolean;
  note?: (message: string) => void;
}): Promise<PackageReport[]> {
  const { packages, modules, compiler, tests = false, note } = options;
  const versions = compiler.compilers().map(({ version }) => version);
  const plans = packages.map((pkg) => planPackage(pkg, { modules, versions, tests }));
  const jobs = plans.flatMap((plan) =>
    plan.units.map((unit) => ({ plan, unit, weight: weightOf(plan, unit) })),
  );
  jobs.sort((a, b) => b.weight - a.weight);
  await Promise.all(
    jobs.map(async ({ plan, unit }) => {
      const { artifacts, failures, compileMs } = await compileUnit({ ...plan, unit, compiler });
      plan.artifacts.push(...artifacts);
      plan.failures.push(...failures);
      plan.compileMs += compileMs;
      const done = `${unit.checkOnly ? 'checked' : 'compiled'} with ${unit.compiler}`;
      note?.(`${plan.pkg.name}: ${unit.targets.length} files ${done} in ${inSeconds(compileMs)} s`);
    }),
  );
  return plans.map(reportPackage);
}

function planPackage(
  pkg: CorpusPackage,
  options: { modules: string; versions: readonly string[]; tests: boolean },
): PackageRun {
  const { modules, versions, tests } = options;
  const project = readProject(pkg, modules);
  const shipped = readShippedArtifacts(pkg, modules);
  const wanted = new Set(shipped.map(({ file }) => file));
  const { units, failures } = planCompiles({ pkg, project, versions, wanted, tests });
  return { pkg, project, shipped, units, failures, artifacts: [], compileMs: 0 };
}

/** Bytes to compile, as far as characters are bytes; code by way of Yul takes three times as long. */
function weightOf({ project }: PackageRun, unit: CompileUnit): number {
  const { files } = project.reach(unit.targets);
  const bytes = unit.targets.reduce((sum, name) => sum + (files.get(name)?.content.length ?? 0), 0);
  return unit.checkOnly ? bytes / 10 : bytes * (unit.settings.viaIR ? 3 : 1);
}
