import { limits } from '../lib/limits.ts';
import type { LeftOut } from '../solidity/parts/leave-out.ts';
import type { AstOutcome, Compiler, PreparedCompile } from '../solidity/types.ts';
import { mergeTools, type ToolRun } from './merge-tools.ts';
import { tools as allTools } from './tools/index.ts';
import type { Command, Ended, Program, Tool, ToolHost, ToolName, ToolReading } from './tools/types.ts';
import type { AuditReport, AuditUnit, ToolReport, ToolStatus } from './types.ts';
import { unitOfOutcome } from './unit-of-outcome.ts';

/** The programs of this machine and the sandbox they run in; handed in. */
export interface Machine {
  /** Finds the program of a tool and asks for its version. */
  locate(tool: Tool & { program: Program }): Promise<Located>;
  /** Runs it over these files. @throws the signal's reason */
  execute(
    program: string,
    run: Command & { seconds: number; signal?: AbortSignal | undefined },
  ): Promise<Ended>;
  /** Waits until there is room for one more tool. @throws the signal's reason */
  turn<Result>(work: () => Promise<Result>, signal?: AbortSignal | undefined): Promise<Result>;
  /** Time that one tool has, once it is its turn. */
  seconds: number;
}

export type Located =
  | { ok: true; path: string; version: string }
  | { ok: false; status: 'unavailable' | 'failed'; version: string; message: string };

export interface ToolsOptions {
  names: readonly ToolName[];
  analysers: Machine;
  compiler: Pick<Compiler, 'output' | 'openProver'>;
  /** What is in none of the parts. */
  leftOut: readonly LeftOut[];
  now: () => number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs the analysers that are named beside the built-in one, and merges what they find into its report. A tool that is
 * not there, or fails, is told as that in the report; the others' findings stand.
 *
 * @param parts what of the sources could be compiled; each tool looks at one after the other
 * @param own the built-in analyser's report; empty where it was not asked for
 * @throws the signal's reason
 */
export async function runTools(
  parts: readonly AstOutcome[],
  own: AuditReport,
  options: ToolsOptions,
): Promise<AuditReport> {
  const named = allTools.filter(({ name }) => options.names.includes(name));
  const until = options.now() + limits.allToolsSeconds * 1_000;
  const looks = parts.map((outcome) => ({ unit: unitOfOutcome(outcome), prepared: outcome.prepared }));
  const runs = await Promise.all(named.map((tool) => runTool(tool, { looks, own, until }, options)));
  return runs.length === 0 ? own : mergeTools(own, runs);
}

/** One part of the sources. */
interface Look {
  unit: AuditUnit;
  prepared: PreparedCompile;
}

async function runTool(
  tool: Tool,
  { looks, own, until }: { looks: readonly Look[]; own: AuditReport; until: number },
  options: ToolsOptions,
): Promise<ToolRun> {
  const { analysers: machine, now, signal } = options;
  const started = now();
  const end = (status: ToolStatus, more: Partial<ToolReport> = {}): ToolRun => ({
    tool,
    looks: [],
    report: {
      tool: tool.name,
      version: '',
      status,
      problems: [],
      detectors: [],
      ...more,
      seconds: (now() - started) / 1_000,
    },
  });
  let version = [...new Set(looks.map(({ unit }) => unit.compiler))].join(', ');
  try {
    const refusals = looks.map(({ unit }) => tool.refuses(unit));
    const [refused] = refusals.filter((one) => one !== null);
    if (refused !== undefined && !refusals.includes(null)) {
      return end('not_applicable', { problems: [{ message: refused }] });
    }
    let path = '';
    if (hasProgram(tool)) {
      const located = await machine.locate(tool);
      version = located.version;
      if (!located.ok) return end(located.status, { version, problems: [{ message: located.message }] });
      path = located.path;
    }
    const readings = await machine.turn(() => readAll(tool, looks, { ...options, own, until, path }), signal);
    signal?.throwIfAborted();
    return collect(tool, looks, { readings, end, version, leftOut: options.leftOut });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    return end('failed', { version, problems: [{ message: (error as Error).message }] });
  }
}

/** One reading for each part; all of them share the tool's time. */
async function readAll(
  tool: Tool,
  looks: readonly Look[],
  options: ToolsOptions & { own: AuditReport; until: number; path: string },
): Promise<ToolReading[]> {
  const until = Math.min(options.until, options.now() + options.analysers.seconds * 1_000);
  const readings: ToolReading[] = [];
  for (const look of looks) {
    const refused = tool.refuses(look.unit);
    const seconds = Math.round((until - options.now()) / 100) / 10;
    if (refused !== null) readings.push({ ok: false, message: refused });
    else if (seconds < 1) readings.push({ ok: false, message: 'there was no time left for it' });
    else readings.push(await tool.run(look.unit, hostFor(look, seconds, options)));
  }
  return readings;
}

/** What the readings of all parts say together. */
function collect(
  tool: Tool,
  looks: readonly Look[],
  context: {
    readings: readonly ToolReading[];
    end: (status: ToolStatus, more: Partial<ToolReport>) => ToolRun;
    version: string;
    leftOut: readonly LeftOut[];
  },
): ToolRun {
  const { readings, end, version, leftOut } = context;
  const problems = readings.flatMap((reading, at): ToolReport['problems'] => {
    if (reading.ok) return reading.problems;
    const file = looks.length > 1 ? looks[at]?.prepared.entry : undefined;
    return [{ ...(file === undefined ? {} : { file }), message: reading.message }];
  });
  const good = readings.filter((reading) => reading.ok);
  if (good.length === 0) {
    const none = { message: 'nothing of the sources could be looked at' };
    return end('failed', { version, problems: problems.length > 0 ? problems : [none] });
  }
  const hidden = leftOut.filter(({ isRead }) => !isRead);
  if (hidden.length > 0) {
    problems.push({ message: `${hidden.length} parts of the sources do not compile and were left out` });
  }
  const unseen = new Set(
    hasProgram(tool) ? looks.flatMap(({ unit }) => unit.ownFiles.filter((file) => !isHandedOver(file))) : [],
  );
  for (const file of unseen) problems.push({ file, message: 'it was not handed over: its name is no .sol' });
  const isWhole = good.length === readings.length && good.every(({ complete }) => complete);
  const proved = good.flatMap(({ proofs }) => proofs?.proved ?? []);
  const run = end(isWhole && leftOut.length === 0 && unseen.size === 0 ? 'passed' : 'partial', {
    ...{ version, problems },
    detectors: [...new Set(good.flatMap(({ checks = [] }) => checks))],
    ...(good.some(({ proofs }) => proofs) ? { proved } : {}),
  });
  const found = readings.flatMap((reading, at) => {
    const unit = looks[at]?.unit;
    return reading.ok && unit ? [{ unit, alarms: reading.alarms }] : [];
  });
  // What was proved of one part says nothing about another that runs the same code.
  const [only] = good;
  const proofs = looks.length === 1 && leftOut.length === 0 ? only?.proofs : undefined;
  return { ...run, looks: found, proofs };
}

/** @returns true for a tool that is a program on the machine */
export function hasProgram(tool: Tool): tool is Tool & { program: Program } {
  return tool.program !== null;
}

function hostFor(
  { unit, prepared }: Look,
  seconds: number,
  options: ToolsOptions & { own: AuditReport; path: string },
): ToolHost {
  const { analysers: machine, compiler, path, signal, now } = options;
  return {
    now,
    seconds,
    own: options.own.findings,
    execute: (command) =>
      machine.execute(path, { ...command, files: filesOf(unit, command), seconds, signal }),
    compile: (want) => compiler.output(prepared, { want, signal }),
    openProver: () => compiler.openProver(prepared, { signal }),
  };
}

/** Sources could bear the names of files that analysers take orders from: only Solidity is handed over. */
function filesOf({ sources }: AuditUnit, { files = {} }: Command): Record<string, string> {
  const texts = Object.entries(sources).filter(([file]) => isHandedOver(file));
  return { ...Object.fromEntries(texts), ...files };
}

function isHandedOver(file: string): boolean {
  return /\.sol$/i.test(file);
}
