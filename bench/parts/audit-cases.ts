import { readUnit, runDetector } from '../../src/audit/audit-steps.ts';
import { detectors } from '../../src/audit/detectors/index.ts';
import type { AuditUnit } from '../../src/audit/types.ts';
import { unitOfOutcome } from '../../src/audit/unit-of-outcome.ts';
import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { CompileRequest, Compiler } from '../../src/solidity/types.ts';
import { readCases } from '../../test/corpus/audit/read-cases.ts';
import { median, round } from '../frame.ts';
import { wholeLibrary } from './compile-inputs.ts';

/** Milliseconds of one audit, by what it consists of. */
export interface Measured {
  compileMs: number;
  irMs: number;
  detectMs: number;
}

/** Contracts that are as long as the bar speaks of are made of three cases of a hundred lines. */
const perLong = 3;
const longLines = 300;

/** Every contract of the corpus once a round, and the same in files of about 300 lines. */
export async function measureCases(rounds: number) {
  const compiler = await startCompiler({ workers: 1 });
  try {
    // One compiler after the other: a thread holds two of them warm.
    const pragma = ({ source }: { source: string }) => /pragma solidity ([^;]+);/.exec(source)?.[1] ?? '';
    const all = readCases().sort((a, b) => pragma(a).localeCompare(pragma(b)));
    // Compilers and functions are warm before anything counts.
    for (const one of all.slice(0, 20)) await auditOnce(compiler, { sources: { 'Case.sol': one.source } });
    const cases: Measured[] = [];
    const long: Measured[] = [];
    const rss: number[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const one of all) {
        cases.push(await auditOnce(compiler, { sources: { 'Case.sol': one.source } }));
        rss.push(process.memoryUsage.rss() / 1_048_576);
      }
    }
    for (const sources of longSources(all)) long.push(await auditOnce(compiler, { sources }));
    const half = Math.floor(rss.length / 2);
    return {
      ...{ cases, long },
      rssMegabytesMax: Math.round(Math.max(...rss)),
      rssGrowth: round(median(rss.slice(half)) / median(rss.slice(0, half))),
    };
  } finally {
    await compiler.close();
  }
}

/** All of OpenZeppelin Contracts, every file the caller's own; the median of three. */
export async function measureLibrary(): Promise<Measured> {
  const compiler = await startCompiler({ workers: 1, compileSeconds: 300 });
  try {
    const found: Measured[] = [];
    for (let turn = 0; turn < 3; turn++) found.push(await auditOnce(compiler, wholeLibrary(`audit ${turn}`)));
    const of = (field: keyof Measured) => median(found.map((one) => one[field]));
    return { compileMs: of('compileMs'), irMs: of('irMs'), detectMs: of('detectMs') };
  } finally {
    await compiler.close();
  }
}

/** @throws Error where it does not compile */
export async function unitFor(compiler: Compiler, request: CompileRequest): Promise<AuditUnit> {
  const outcome = await compiler.ast(compiler.prepare(request));
  if (!outcome.ok) throw new Error(outcome.diagnostics[0]?.message ?? 'it does not compile');
  return unitOfOutcome(outcome);
}

/** @returns milliseconds of everything but the compile, and of its two parts */
export function analyse(unit: AuditUnit): Omit<Measured, 'compileMs'> {
  const started = performance.now();
  const { audited, problems } = readUnit(unit);
  const read = performance.now();
  if (!audited) throw new Error(problems[0]?.message ?? 'it cannot be read');
  for (const detector of detectors) {
    const { problems: failed } = runDetector(detector, audited);
    if (failed[0]?.detector && !/only the first/.test(failed[0].message)) throw new Error(failed[0].message);
  }
  return { irMs: read - started, detectMs: performance.now() - read };
}

async function auditOnce(compiler: Compiler, request: CompileRequest): Promise<Measured> {
  const started = performance.now();
  const unit = await unitFor(compiler, request);
  return { compileMs: performance.now() - started, ...analyse(unit) };
}

/** Three cases for one compiler together, where they are as long as they have to be. */
function longSources(all: ReturnType<typeof readCases>): Record<string, string>[] {
  const byPragma = Map.groupBy(all, ({ source }) => /pragma solidity ([^;]+);/.exec(source)?.[1] ?? '');
  return [...byPragma.values()].flatMap((group) => {
    const found: Record<string, string>[] = [];
    for (let at = 0; at + perLong <= group.length; at += perLong) {
      const files = group.slice(at, at + perLong);
      const lines = files.reduce((sum, { source }) => sum + source.split('\n').length, 0);
      if (Math.abs(lines - longLines) <= longLines / 5)
        found.push(Object.fromEntries(files.map(({ source }, index) => [`Case${index}.sol`, source])));
    }
    return found;
  });
}
