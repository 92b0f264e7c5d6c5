import { type Benchmark, median, percentile, round } from './frame.ts';
import { type Measured, measureCases, measureLibrary } from './parts/audit-cases.ts';
import { measureCopies } from './parts/audit-copies.ts';

/** What must be reached; everything but the compile. */
const bar = {
  /** For a contract of 300 lines. */
  analysisMs: 60,
  /** All of OpenZeppelin Contracts 5. */
  librarySeconds: 5,
  /** From 8 to 64 copies, of what n log n allows. */
  growth: 1,
  rssMegabytes: 1_536,
  /** Of the median of the second half of the audits to that of the first. */
  memoryGrowth: 1.25,
};

/** The analyser over the corpus of labelled contracts, warm, and over inputs that grow. */
export const audit: Benchmark = {
  name: 'audit',
  describe:
    'Every contract of test/corpus/audit by a warm compiler and analyser (--rounds 3): everything but the compile at most 60 ms ' +
    'for 300 lines, 5 s for all of OpenZeppelin; 1 to 64 copies in one build cost no more than n log n; memory bounded.',
  async run({ words, note }) {
    const rounds = Number(words['rounds'] ?? 3);
    note('the corpus …');
    const cases = await measureCases(rounds);
    note('all of OpenZeppelin …');
    const library = await measureLibrary();
    note('copies …');
    const copies = await measureCopies([1, 2, 4, 8, 16, 32, 64]);
    return report({ ...cases, library, copies });
  },
};

function report({
  cases,
  long,
  rssMegabytesMax,
  rssGrowth,
  library,
  copies,
}: {
  cases: readonly Measured[];
  /** The same for contracts of about 300 lines. */
  long: readonly Measured[];
  rssMegabytesMax: number;
  rssGrowth: number;
  library: Measured;
  copies: readonly { copies: number; ms: number }[];
}) {
  const series = (of: readonly Measured[], field: (one: Measured) => number) => of.map(field);
  const analysis = (one: Measured) => one.irMs + one.detectMs;
  const total = (one: Measured) => one.compileMs + analysis(one);
  const row = (what: string, of: readonly Measured[], field: (one: Measured) => number) => ({
    what,
    contracts: of.length,
    'p50 ms': round(median(series(of, field)), 1),
    'p95 ms': round(percentile(series(of, field), 95), 1),
  });
  const rows = [
    row('compile to the tree', cases, (one) => one.compileMs),
    row('intermediate form', cases, (one) => one.irMs),
    row('detectors', cases, (one) => one.detectMs),
    row('together', cases, total),
    row('300 lines, all but the compile', long, analysis),
    row('all of OpenZeppelin, compile', [library], (one) => one.compileMs),
    row('all of OpenZeppelin, all but the compile', [library], analysis),
    ...copies.map(({ copies: count, ms }) => ({
      what: `${count} copies, all but the compile`,
      contracts: count,
      'p50 ms': round(ms, 1),
      'p95 ms': round(ms, 1),
    })),
  ];
  const growth = growthOf(copies);
  const result = {
    contracts: cases.length,
    compileMsMedian: round(median(series(cases, (one) => one.compileMs)), 1),
    irMsMedian: round(median(series(cases, (one) => one.irMs)), 1),
    detectMsMedian: round(median(series(cases, (one) => one.detectMs)), 1),
    totalMsMedian: round(median(series(cases, total)), 1),
    totalMsP95: round(percentile(series(cases, total), 95), 1),
    analysisMs300LinesMedian: round(median(series(long, analysis)), 1),
    librarySeconds: round(analysis(library) / 1_000),
    libraryCompileSeconds: round(library.compileMs / 1_000),
    copiesGrowth: growth,
    copies,
    rssMegabytesMax,
    rssGrowth,
  };
  const shortfalls = [
    ...above('300 lines', result.analysisMs300LinesMedian, bar.analysisMs, 'ms'),
    ...above('all of OpenZeppelin', result.librarySeconds, bar.librarySeconds, 's'),
    ...above('64 copies', growth, bar.growth, '× of n log n'),
    ...above('memory', rssMegabytesMax, bar.rssMegabytes, 'MB'),
    ...above('memory of the second half', rssGrowth, bar.memoryGrowth, '× of the first'),
  ];
  return { rows, result, ok: shortfalls.length === 0, shortfalls };
}

/** How the cost grew from 8 copies to the most of them, as a share of what n log n would have it grow. */
function growthOf(copies: readonly { copies: number; ms: number }[]): number {
  const from = copies.find((one) => one.copies === 8);
  const to = copies.at(-1);
  if (!from || !to) return Number.NaN;
  const cost = (count: number) => count * Math.log2(count);
  return round(to.ms / from.ms / (cost(to.copies) / cost(from.copies)));
}

function above(what: string, value: number, most: number, unit: string): string[] {
  return value <= most ? [] : [`${what}: ${value} ${unit}, the bar is ${most}`];
}
