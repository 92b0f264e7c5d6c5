import type { CorpusOutcome } from '../frame.ts';
import type { PackageReport, Remark } from './package-report.ts';

/** How many places of one kind people are shown; `--json` has them all. */
const shownMax = 4;

const words: Record<Remark['of'], string> = {
  failure: 'does not compile',
  difference: 'differs from the shipped code',
  'no source': 'cannot be compared',
};

/**
 * Puts the reports of packages together: a table, what is explained with its reason, and what is not as a shortfall.
 *
 * @param elapsedSeconds of all compiles and comparisons
 */
export function reportPackages(reports: readonly PackageReport[], elapsedSeconds: number): CorpusOutcome {
  const total = (field: Counted) => reports.reduce((sum, report) => sum + report[field], 0);
  const totals = Object.fromEntries(counted.map((field) => [field, total(field)])) as Record<Counted, number>;
  const row = (name: string, counts: Record<Counted, number>) => ({
    package: name,
    files: counts.files,
    contracts: counts.contracts,
    compiled: counts.compiled,
    checked: counts.checked,
    failed: counts.failed,
    'code compared': counts.bytecodeCompared,
    equal: counts.bytecodeEqual,
    's of compiler': Math.round(counts.compileSeconds),
  });
  return {
    rows: [...reports.map((one) => row(`${one.package} ${one.version}`, one)), row('all', totals)],
    remarks: reports.flatMap(explainedOf),
    shortfalls: reports.flatMap(shortfallsOf),
    result: {
      ...totals,
      compileSeconds: Math.round(totals.compileSeconds),
      elapsedSeconds: Math.round(elapsedSeconds),
      packages: reports.map(({ remarks, ...one }) => ({
        ...one,
        remarks: remarks.map(({ reason = null, ...remark }) => ({ ...remark, reason })),
      })),
    },
  };
}

const counted = [
  'files',
  'contracts',
  'compiled',
  'checked',
  'failed',
  'bytecodeCompared',
  'bytecodeEqual',
  'bytecodeOfTests',
  'compileSeconds',
] as const;
type Counted = (typeof counted)[number];

function explainedOf({ name, remarks, bytecodeOfTests }: PackageReport): string[] {
  const groups = Map.groupBy(remarks, ({ of, reason }) => `${of}: ${reason}`);
  const ofTests = `${name}: the shipped code of ${bytecodeOfTests} contracts of tests was not compared; --tests does it`;
  const explained = [...groups.values()].flatMap((group) => {
    const [{ of, reason } = { of: 'failure' as const }] = group;
    if (reason === undefined) return [];
    const places = group.slice(0, shownMax).map(({ at }) => at);
    if (group.length > shownMax) places.push(`and ${group.length - shownMax} more`);
    return [`${name}: ${words[of]}: ${places.join(', ')}\n  because ${reason}`];
  });
  return bytecodeOfTests > 0 ? [...explained, ofTests] : explained;
}

function shortfallsOf({ name, remarks, stale }: PackageReport): string[] {
  return [
    ...remarks
      .filter(({ reason }) => reason === undefined)
      .map(({ of, at, says }) => `${name}: ${at} ${words[of]}: ${says}`),
    ...stale.map((what) => `${name}: an explanation explains nothing any more: ${what}`),
  ];
}
