import { parseArgs } from 'node:util';
import { table } from '../../bench/frame.ts';

/** What a corpus has to say in the end. */
export interface CorpusOutcome {
  /** Rows of the table for people; all with the same names. */
  rows: Record<string, string | number>[];
  /** What people want to read below the table. */
  remarks: string[];
  /** The object that `--json` prints. */
  result: Record<string, unknown>;
  /** What fell short of what was expected, one sentence each; none means that all is well. */
  shortfalls: string[];
}

export interface CorpusOptions {
  /** The corpus's own options that were given; a flag has the value `true`. */
  words: Readonly<Record<string, string>>;
  /** Tells people how it goes; to standard error. */
  note(message: string): void;
}

/** Inputs with expected results. `test/corpus/<name>.ts` exports one, and `test/corpus/index.ts` has a line for it. */
export interface Corpus {
  name: string;
  /** One sentence: what is run and what is expected. */
  describe: string;
  /** Its own options: those that take a value, and those that are said or not. */
  options: readonly string[];
  flags?: readonly string[];
  /** @returns a sentence about words that make no sense; then nothing is run */
  refuse?(words: CorpusOptions['words']): string | undefined;
  run(options: CorpusOptions): Promise<CorpusOutcome>;
}

/**
 * Runs what the command line names: `npm run corpus -- <name> [--json] [--option value]…`. Prints a table for people
 * and, with `--json`, one JSON object as the last line of standard output.
 *
 * @returns the exit status: 0 when all is as expected, 1 when not, 2 for wrong use
 */
export async function runCorpora(corpora: readonly Corpus[], args: readonly string[]): Promise<number> {
  const corpus = corpora.find((candidate) => candidate.name === args[0]);
  if (!corpus) return wrongUse(args[0] && `There is no corpus ${args[0]}.`, corpora);
  let given: { json: boolean; words: Record<string, string> };
  try {
    given = readArguments(corpus, args.slice(1));
  } catch (error) {
    return wrongUse(error instanceof Error ? error.message : String(error), [corpus]);
  }
  const { json, words } = given;
  const refusal = corpus.refuse?.(words);
  if (refusal) return wrongUse(refusal, [corpus]);
  const outcome = await corpus.run({ words, note: (message) => console.error(message) });
  console.log(table(outcome.rows));
  for (const remark of outcome.remarks) console.log(remark);
  for (const shortfall of outcome.shortfalls) console.error(`Falls short: ${shortfall}`);
  const ok = outcome.shortfalls.length === 0;
  if (json) console.log(JSON.stringify({ corpus: corpus.name, ok, ...outcome.result }));
  return ok ? 0 : 1;
}

function wrongUse(message: string | undefined, corpora: readonly Corpus[]): number {
  if (message) console.error(message);
  console.error('Usage: npm run corpus -- <name> [--json] [options]');
  for (const { name, describe, options, flags = [] } of corpora) {
    const words = [...options.map((option) => `[--${option} …]`), ...flags.map((flag) => `[--${flag}]`)];
    console.error(`  ${name.padEnd(10)} ${describe} ${words.join(' ')}`.trimEnd());
  }
  return 2;
}

function readArguments(corpus: Corpus, args: readonly string[]) {
  const { options, flags = [] } = corpus;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(options.map((name) => [name, { type: 'string' as const }])),
      ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean' as const }])),
      json: { type: 'boolean' },
    },
  });
  const { json = false, ...own } = values;
  const words = Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
  return { json: json === true, words };
}
