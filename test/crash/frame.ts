import { parseArgs } from 'node:util';
import { table } from '../../bench/frame.ts';

/** What a proof has to say in the end. All counts come from outside of the platform's own tables. */
export interface CrashReport {
  runs: number;
  /** SIGKILLs of a process, and sessions of the database that were ended from outside. */
  kills: number;
  /** Those that hit while something accepted was not finished. */
  killsWithWorkUnfinished: number;
  accepted: number;
  finished: number;
  /** Accepted, and gone or failed without a reason of its own. */
  lost: number;
  /** Effects beyond the first of each. */
  duplicated: number;
  /** Accepted, and neither finished nor failed when the time was up. */
  stuck: number;
  /** The platform says one thing and the world outside another. */
  untrue: number;
  /** Things that had to be done by hand to get the platform up again. */
  manualRepairs: number;
  /** Gives the same schedule again. */
  seed: number;
}

export interface CrashOutcome {
  report: CrashReport & Record<string, unknown>;
  /** What the proof fell short of, one sentence each; none means that it holds. */
  shortfalls: string[];
}

/** What carries the wake-ups of jobs between processes. */
export const engines = ['postgres', 'redis'] as const;
export type Engine = (typeof engines)[number];

export interface CrashOptions {
  runs: number;
  seed: number;
  /** API and worker processes together, where a proof runs several. */
  processes?: number;
  /** `postgres` unless given, where a proof knows several. */
  engine?: Engine;
  /** False for a test that runs beside others: times are then reported and not judged. */
  judgeTimes?: boolean;
  /** Tells people how it goes; to standard error. */
  note(message: string): void;
}

/** A proof by killing. `test/crash/<name>.ts` exports one, and `test/crash/index.ts` has a line for it. */
export interface CrashProof {
  name: string;
  /** One sentence: what is killed and what must hold. */
  describe: string;
  /** @returns a sentence about a program that this proof needs and that is not here; then nothing can be run */
  missing?(options: CrashOptions): string | null;
  run(options: CrashOptions): Promise<CrashOutcome>;
}

const usage =
  'Usage: npm run crash -- <name> [--runs N] [--seed N] [--processes N] [--engine postgres|redis] [--json]';

/**
 * Runs what the command line names; see `usage`. Prints a table and, with `--json`, one JSON object as the last line
 * of standard output.
 *
 * @returns the exit status: 0 when the proof holds, 1 when not or when it could not be run, 2 for wrong use
 */
export async function runProofs(proofs: readonly CrashProof[], args: readonly string[]): Promise<number> {
  const wanted = readArguments(args);
  const proof = wanted && proofs.find((candidate) => candidate.name === wanted.name);
  if (!wanted || !proof) {
    console.error(usage);
    for (const each of proofs) console.error(`  ${each.name.padEnd(10)} ${each.describe}`);
    return 2;
  }
  const { seed, json, name, ...given } = wanted;
  const note = (message: string) => console.error(message);
  const options: CrashOptions = { ...given, seed, note };
  const missing = proof.missing?.(options);
  if (missing) {
    // Whoever asks for a proof by its name has not got it: that is no pass, on a laptop neither.
    console.error(`NOT RUN: ${missing}`);
    if (json) console.log(JSON.stringify({ proof: name, ok: false, notRun: missing }));
    return 1;
  }
  console.error(`seed ${seed}: give --seed ${seed} for the same schedule`);
  const { report, shortfalls } = await proof.run(options);
  const rows = Object.entries(report).map(([what, count]) => ({
    what,
    count: typeof count === 'object' ? JSON.stringify(count) : String(count),
  }));
  console.log(table(rows));
  for (const shortfall of shortfalls) console.error(`Falls short: ${shortfall}`);
  const ok = shortfalls.length === 0;
  if (json) console.log(JSON.stringify({ proof: proof.name, ok, ...report }));
  return ok ? 0 : 1;
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        processes: { type: 'string' },
        engine: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const runs = whole(values.runs ?? '50');
    const seed = whole(values.seed ?? String(Math.floor(Math.random() * 2 ** 32)));
    const processes = whole(values.processes ?? '4');
    const engine = engines.find((candidate) => candidate === (values.engine ?? 'postgres'));
    if (positionals.length !== 1 || runs === null || runs < 1 || seed === null) return null;
    if (!engine || processes === null || processes < 2 || processes > processesMax) return null;
    return { name: positionals[0], runs, seed, processes, engine, json: values.json === true };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

/** Each takes some 300 MB with its compiler. */
const processesMax = 16;

function whole(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
