import { someCompilerFits } from '../../../src/solidity/choose-compiler.ts';
import type { CompileGroup, CorpusPackage, PublishedSettings } from './corpus-package.ts';
import type { Project } from './package-files.ts';

/** Files of one package that are compiled together. */
export interface CompileUnit {
  compiler: string;
  settings: PublishedSettings;
  /** Names of the files whose contracts are wanted. */
  targets: string[];
  /** Whether they are read and checked only. */
  checkOnly: boolean;
}

/** A file, or a contract of it, that does not compile. */
export interface Failure {
  file: string;
  contract?: string;
  /** One sentence. */
  cause: string;
}

/**
 * Sorts the files of a package into as few compiles as their settings and pragmas allow, all of them whole projects
 * as the project's own tool would compile them. A file with an import that leads nowhere, or whose compiler we do not
 * have, is a failure: nothing is put in its place.
 *
 * @param options.versions the compilers that we have
 * @param options.wanted names of files whose code the package ships: those of dependencies are compiled too
 * @param options.tests whether to make code of tests too
 */
export function planCompiles(options: {
  pkg: CorpusPackage;
  project: Project;
  versions: readonly string[];
  wanted: ReadonlySet<string>;
  tests: boolean;
}): { units: CompileUnit[]; failures: Failure[] } {
  const { pkg, project, versions, wanted, tests } = options;
  const units = new Map<string, CompileUnit>();
  const failures: Failure[] = [];
  for (const file of project.own.keys()) {
    const group = pkg.groups.find((one) => holds(one, file));
    if (!group) throw new Error(`${pkg.name}: no group of settings has ${file}`);
    const reached = project.reach([file]);
    const ranges = [...reached.files.values()].flatMap(({ facts }) =>
      facts.pragmas.map(({ range }) => range),
    );
    const compiler = group.compilers.find((version) => someCompilerFits(ranges, [version]));
    const [problem] = reached.problems;
    if (problem !== undefined) failures.push({ file, cause: problem });
    else if (compiler === undefined) {
      const pragmas = [...new Set(ranges)].join(', ');
      failures.push({ file, cause: `none of ${group.compilers.join(', ')} fits its pragmas (${pragmas})` });
    } else if (!versions.includes(compiler)) {
      failures.push({ file, cause: `there is no compiler ${compiler}` });
    } else {
      const checkOnly = !tests && pkg.tests?.test(file) === true;
      const key = `${pkg.groups.indexOf(group)} ${compiler} ${checkOnly}`;
      const unit = units.get(key) ?? { compiler, settings: group.settings, targets: [], checkOnly };
      unit.targets.push(file);
      units.set(key, unit);
    }
  }
  const planned = [...units.values()];
  const left = new Set([...wanted].filter((file) => !project.own.has(file)));
  for (const unit of planned.filter(({ checkOnly }) => !checkOnly)) {
    for (const file of project.reach(unit.targets).files.keys())
      if (left.delete(file)) unit.targets.push(file);
  }
  return { units: planned, failures };
}

function holds(group: CompileGroup, file: string): boolean {
  return group.files === undefined || group.files.some((start) => file.startsWith(start));
}
