import { runAudit } from '../../src/audit/run-audit.ts';
import { type Finding, type Severity, severities } from '../../src/audit/types.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { Compiler } from '../../src/solidity/types.ts';
import type { CorpusPackage } from './compile/corpus-package.ts';
import { installPackages } from './compile/install-packages.ts';
import { type Project, readProject } from './compile/package-files.ts';
import { packages } from './compile/packages/index.ts';
import { type CompileUnit, planCompiles } from './compile/plan-compiles.ts';
import type { Corpus } from './frame.ts';

/** Findings per 1,000 lines of code that good code may have. */
const bars = { high: 0.3, mediumOpenZeppelin: 1, medium: 3 };
const judged = ['openzeppelin-5', 'solady', 'solmate', 'uniswap-v2-core', 'uniswap-v3-core'];
/** All of a package in one call takes longer than what one user may ask for. */
const compileSeconds = 600;

interface Noise {
  name: string;
  codeLines: number;
  counts: Record<Severity, number>;
  findings: Finding[];
  /** What could not be looked at, one sentence each. */
  left: string[];
  seconds: number;
}

/** What the analyser says of code that is known to be good. */
export const noise: Corpus = {
  name: 'noise',
  describe:
    'Well-known packages audited as the target: high and critical findings per 1,000 lines of code at most 0.3, with medium ones at ' +
    'most 1 in OpenZeppelin and 3 in the others.',
  options: ['package'],
  refuse: ({ package: name }) =>
    name === undefined || packages.some((pkg) => pkg.name === name)
      ? undefined
      : `The packages are ${packages.map((pkg) => pkg.name).join(', ')}.`,
  async run({ words, note }) {
    const wanted = words['package'] === undefined ? judged : [words['package']];
    const modules = await installPackages(note);
    const compiler = await startCompiler({ compileSeconds });
    const all: Noise[] = [];
    try {
      for (const pkg of packages.filter(({ name }) => wanted.includes(name)))
        all.push(await listen(pkg, modules, compiler));
    } finally {
      await compiler.close();
    }
    return {
      rows: all.map(rowOf),
      remarks: all.flatMap(({ name, findings, left }) => [
        ...left.map((text) => `${name}: left out: ${text}`),
        ...findings.filter(isLoud).map((finding) => `${name}: ${tell(finding)}`),
      ]),
      result: { packages: all.map(({ findings: _, ...one }) => ({ ...one, ...ratesOf(one) })) },
      shortfalls: all.flatMap((one) => shortfallsOf(one)),
    };
  },
};

async function listen(pkg: CorpusPackage, modules: string, compiler: Compiler): Promise<Noise> {
  const project = readProject(pkg, modules);
  const versions = compiler.compilers().map(({ version }) => version);
  const { units, failures } = planCompiles({ pkg, project, versions, wanted: new Set(), tests: false });
  const sum: Noise = {
    name: pkg.name,
    codeLines: 0,
    counts: { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 },
    findings: [],
    left: failures.map(({ file, cause }) => `${file}: ${cause}`),
    seconds: 0,
  };
  for (const unit of units) {
    const targets = unit.targets.filter((file) => !isTest(pkg, file));
    if (targets.length === 0) continue;
    const { findings, left, seconds } = await auditUnit(pkg, project, { ...unit, targets }, compiler);
    sum.findings.push(...findings);
    sum.left.push(...left);
    sum.seconds += seconds;
    for (const { severity } of findings) sum.counts[severity]++;
    for (const file of targets) sum.codeLines += codeLines(project.own.get(file)?.content ?? '');
  }
  return sum;
}

/** Mocks and tests are no code that anybody deploys. */
function isTest(pkg: CorpusPackage, file: string): boolean {
  return pkg.tests?.test(file) === true || /(^|\/)(mocks?|tests?|harness)\//i.test(file);
}

async function auditUnit(pkg: CorpusPackage, project: Project, unit: CompileUnit, compiler: Compiler) {
  const { files } = project.reach(unit.targets);
  const { metadata: _, ...settings } = unit.settings;
  const prepared = compiler.prepare({
    sources: Object.fromEntries([...files].map(([name, { content }]) => [name, content])),
    compiler: unit.compiler,
    settings: { ...settings, ...(pkg.remappings ? { remappings: [...pkg.remappings] } : {}) },
  });
  const outcome = await compiler.ast(prepared);
  if (!outcome.ok) {
    const first = outcome.diagnostics.find(({ severity }) => severity === 'error');
    return { findings: [], left: [`${unit.targets.length} files: ${first?.message}`], seconds: 0 };
  }
  const sources = Object.fromEntries(
    Object.entries(prepared.input.sources).map(([file, { content }]) => [file, content]),
  );
  const { tools, findings } = runAudit(
    { compiler: prepared.compiler, sources, asts: outcome.asts, ownFiles: unit.targets },
    { now: () => performance.now() },
  );
  return {
    findings: findings.filter(({ suppressed }) => !suppressed),
    left: tools.flatMap(({ problems }) => problems.map(({ message }) => message)),
    seconds: tools.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Lines with more on them than a comment. */
function codeLines(text: string): number {
  const code = text.replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

function isLoud({ severity }: Finding): boolean {
  return severity === 'critical' || severity === 'high' || severity === 'medium';
}

function tell({ severity, detector, location, message }: Finding): string {
  return `${severity} ${detector} at ${location.file}:${location.line}: ${message}`;
}

function ratesOf({ counts, codeLines: lines }: Pick<Noise, 'counts' | 'codeLines'>) {
  const high = counts.critical + counts.high;
  const per = (count: number) => Math.round((count / Math.max(lines, 1)) * 1e5) / 100;
  return { high: per(high), highAndMedium: per(high + counts.medium) };
}

function rowOf(one: Noise): Record<string, string | number> {
  const { high, highAndMedium } = ratesOf(one);
  return {
    package: one.name,
    'code lines': one.codeLines,
    ...Object.fromEntries(severities.map((severity) => [severity, one.counts[severity]])),
    'high per 1,000': high,
    'with medium': highAndMedium,
    seconds: Math.round(one.seconds * 10) / 10,
  };
}

function shortfallsOf(one: Noise): string[] {
  const { high, highAndMedium } = ratesOf(one);
  const most = one.name.startsWith('openzeppelin') ? bars.mediumOpenZeppelin : bars.medium;
  return [
    ...(one.codeLines === 0 ? [`${one.name} has no code`] : []),
    ...(one.left.length > 0 ? [`${one.left.length} parts of ${one.name} were left out`] : []),
    ...(high > bars.high ? [`${one.name}: ${high} high and critical per 1,000 lines, of ${bars.high}`] : []),
    ...(highAndMedium > most ? [`${one.name}: ${highAndMedium} with medium ones, of ${most}`] : []),
  ];
}
