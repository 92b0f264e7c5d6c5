import { parseArgs } from 'node:util';

/** What one run of a benchmark gives. */
export interface BenchmarkResult {
  /** Rows of the table for people; all with the same names. */
  rows: Record<string, string | number>[];
  /** The object that `--json` prints. */
  result: Record<string, unknown>;
  /** Whether it reached its own bar. */
  ok: boolean;
  /** What it fell short of, for people. */
  shortfalls?: string[];
}

/** Options every benchmark understands, and the words that only this one does. */
export interface BenchmarkOptions {
  /** Further `--name value` pairs. */
  words: Record<string, string>;
  /** Tells people what is going on; goes to standard error. */
  note(message: string): void;
}

/** A benchmark. `bench/<name>.ts` exports one, and `bench/index.ts` has a line for it. */
export interface Benchmark {
  name: string;
  /** One sentence: what is measured and what the bar is. */
  describe: string;
  run(options: BenchmarkOptions): Promise<BenchmarkResult>;
}

/**
 * Runs what the command line names: `npm run bench -- <name> [--json] [--option value]…`. Prints a table for people
 * and, with `--json`, one JSON object as the last line of standard output.
 *
 * @returns the exit status: 0 when the bar was reached, 1 when not, 2 for wrong use
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  args: readonly string[],
): Promise<number> {
  const { json, name, words } = readArguments(args);
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (!benchmark) {
    console.error(name ? `There is no benchmark ${name}.` : 'Usage: npm run bench -- <name> [--json]');
    for (const each of benchmarks) console.error(`  ${each.name.padEnd(10)} ${each.describe}`);
    return 2;
  }
  const outcome = await benchmark.run({ words, note: (message) => console.error(message) });
  console.log(table(outcome.rows));
  for (const shortfall of outcome.shortfalls ?? []) console.error(`Falls short: ${shortfall}`);
  if (json) console.log(JSON.stringify({ benchmark: benchmark.name, ok: outcome.ok, ...outcome.result }));
  return outcome.ok ? 0 : 1;
}

/** @returns rows as lines of columns, numbers to the right */
export function table(rows: readonly Record<string, string | number>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, column: number) => {
    const width = widths[column] ?? 0;
    return typeof rows[0]?.[names[column] ?? ''] === 'number' ? text.padStart(width) : text.padEnd(width);
  };
  return cells.map((line) => line.map(cell).join('  ').trimEnd()).join('\n');
}

/** @returns the value below which half of `values` lie */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** @returns the smallest of `values` that at least `percent` per cent of them do not exceed; NaN for none */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** @returns `value` with so many digits behind the point */
export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

function readArguments(args: readonly string[]): {
  json: boolean;
  name: string | undefined;
  words: Record<string, string>;
} {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: { json: { type: 'boolean' } },
  });
  const words: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'option' || token.name === 'json') continue;
    // An option we do not know takes the word behind it, unless that is an option too.
    const next = tokens[at + 1];
    const value = token.value ?? (next?.kind === 'positional' ? next.value : 'true');
    if (token.value === undefined && next?.kind === 'positional') taken.add(`${next.index}`);
    words[token.name] = value;
  }
  const names = tokens.filter((token) => token.kind === 'positional' && !taken.has(`${token.index}`));
  const first = names[0];
  return {
    json: values['json'] === true,
    name: first?.kind === 'positional' ? first.value : positionals[0],
    words,
  };
}
