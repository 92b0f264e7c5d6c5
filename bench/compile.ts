import { join } from 'node:path';
import { startCompiler } from '../src/solidity/start-compiler.ts';
import { type Benchmark, round } from './frame.ts';
import { measureCached } from './parts/compile-cached.ts';
import { measureCold } from './parts/compile-cold.ts';
import { type Compared, compareAll, measureErrors } from './parts/compile-compared.ts';
import { measureMemory } from './parts/compile-memory.ts';
import { measurePairs, measureShards } from './parts/compile-parallel.ts';
import { measureRevival } from './parts/compile-revival.ts';
import type { Tools } from './parts/compile-tools.ts';
import { startChildCompiler } from './parts/compilers.ts';
import { makeDirectory, removeDirectory } from './parts/server.ts';

/** What must be reached. Overhead: a share of the bare compile or so many milliseconds, whichever is more. */
const bar = {
  overheadRatio: 1.1,
  overheadMs: 20,
  cachedMs: 8,
  parallelSpeedup: 1.7,
  shardSpeedup: 1.5,
  errorsMs: 400,
  coldRatio: 0.7,
  revivalMs: 600,
  /** Of the median of the second half of the compiles to that of the first. */
  memoryGrowth: 1.1,
};

/** The compile service beside the compiler as bare as it can be, by turns in the same run. */
export const compile: Benchmark = {
  name: 'compile',
  describe:
    'An ERC-20, a governor and all of OpenZeppelin by the pool against bare warm solc (--rounds 20): overhead at most ' +
    '10 % or 20 ms; cached over HTTP 8 ms; two at once 1.7 ×, 200 contracts in shards 1.5 ×; cold 0.7 of require("solc"); ' +
    'errors of the governor 400 ms; back from a kill in 600 ms; memory of 300 compiles bounded.',
  async run({ words, note }) {
    const rounds = Number(words['rounds'] ?? 20);
    const directory = makeDirectory();
    try {
      note('cold starts …');
      const cold = await measureCold(directory, 5);
      const tools = await startTools(directory);
      try {
        const { compared, errorsMs, parallel, shards } = await measurePool(tools, { rounds, note });
        note('threads and processes that are killed …');
        const revival = await measureRevival(5);
        note('300 mixed compiles …');
        const memory = await measureMemory(300);
        note('cached, over HTTP …');
        const cached = await measureCached(rounds);
        return report({ cold, compared, errorsMs, parallel, shards, revival, memory, cached });
      } finally {
        await tools.stop();
      }
    } finally {
      await removeDirectory(directory);
    }
  },
};

async function startTools(directory: string): Promise<Tools & { stop(): Promise<void> }> {
  const pool = await startCompiler({ workers: 2, compileSeconds: 300 });
  const bare = await Promise.all([startChildCompiler('bare-compiler'), startChildCompiler('bare-compiler')]);
  return {
    pool,
    bare,
    file: (name) => join(directory, `${name}.json`),
    async stop() {
      await Promise.all([pool.close(), ...bare.map((one) => one.stop())]);
    },
  };
}

async function measurePool(tools: Tools, options: { rounds: number; note(message: string): void }) {
  const { rounds, note } = options;
  note(`${rounds} rounds of the small input, fewer of the others …`);
  const compared = await compareAll(tools, rounds);
  const errorsMs = await measureErrors(tools.pool, rounds);
  note('two at once …');
  const parallel = await measurePairs(tools, Math.ceil(rounds / 2));
  note('200 contracts …');
  const shards = await measureShards(tools.pool, 3);
  return { compared, errorsMs, parallel, shards };
}

interface Measured {
  cold: Awaited<ReturnType<typeof measureCold>>;
  compared: Compared[];
  errorsMs: number;
  parallel: Awaited<ReturnType<typeof measurePairs>>;
  shards: Awaited<ReturnType<typeof measureShards>>;
  revival: Awaited<ReturnType<typeof measureRevival>>;
  memory: Awaited<ReturnType<typeof measureMemory>>;
  cached: Awaited<ReturnType<typeof measureCached>>;
}

function report(measured: Measured) {
  const { cold, compared, errorsMs, parallel, shards, revival, memory, cached } = measured;
  const [small] = compared as [Compared];
  const result = {
    overheadRatioMedian: small.ratio,
    overheadMsMedian: small.overheadMs,
    cachedMsMedian: cached.cachedMs,
    parallelSpeedup: parallel.speedup,
    coldRatio: cold.ratio,
    poolRssMegabytesMax: memory.rssMegabytesMax,
    inputs: compared,
    bareParallelSpeedup: parallel.bareSpeedup,
    shardSpeedup: shards.speedup,
    errorsMsMedian: errorsMs,
    coldMsMedian: cold.oursMs,
    bareColdMsMedian: cold.bareMs,
    coldFromProcessStartMsMedian: cold.wholeMs,
    coldFromProcessStartRatio: cold.wholeRatio,
    threadRevivalMsMedian: revival.threadMs,
    processRevivalMsMedian: revival.processMs,
    poolRssMegabytesLimit: memory.limitMegabytes,
    poolRssGrowth: memory.growth,
    apiMsMedian: cached.freshMs,
  };
  const shortfalls = [
    ...compared.filter(tooSlow).map((one) => `${one.input}: ${one.overheadMs} ms over ${one.bareMs} ms`),
    ...below('cached', cached.cachedMs, bar.cachedMs, 'ms'),
    ...above('two at once', parallel.speedup, bar.parallelSpeedup),
    ...above('200 contracts in shards', shards.speedup, bar.shardSpeedup),
    ...below('errors of the middle input', errorsMs, bar.errorsMs, 'ms'),
    ...below('a cold start', cold.ratio, bar.coldRatio, 'of require("solc")'),
    ...below('back from a kill of the thread', revival.threadMs, bar.revivalMs, 'ms'),
    ...below('memory of the second half', memory.growth, bar.memoryGrowth, 'of the first'),
    ...below('memory', memory.rssMegabytesMax, memory.limitMegabytes, 'MB'),
  ];
  return { rows: toRows(measured), result, ok: shortfalls.length === 0, shortfalls };
}

function tooSlow({ overheadMs, bareMs }: Compared): boolean {
  return overheadMs > Math.max(bar.overheadMs, bareMs * (bar.overheadRatio - 1));
}

function below(what: string, value: number, most: number, unit: string): string[] {
  return value <= most ? [] : [`${what}: ${value} ${unit}, the bar is ${most}`];
}

function above(what: string, value: number, least: number): string[] {
  return value >= least ? [] : [`${what}: ${value} ×, the bar is ${least} ×`];
}

function toRows({ cold, compared, errorsMs, parallel, shards, revival, memory, cached }: Measured) {
  const row = (what: string, ours: number, bare: number | string, ratio: number | string) => ({
    what,
    ours,
    bare,
    ratio,
  });
  return [
    ...compared.map((one) => row(`${one.input}, warm, ms`, one.poolMs, one.bareMs, one.ratio)),
    row('governor, errors only, ms', errorsMs, '', ''),
    row('first compile after the start, ms', cold.oursMs, cold.bareMs, cold.ratio),
    row('the same from the start of a process, ms', cold.wholeMs, cold.bareMs, cold.wholeRatio),
    row('small, over HTTP, ms', cached.freshMs, '', ''),
    row('small, over HTTP, cached, ms', cached.cachedMs, '', ''),
    row('two at once, × of in turn', parallel.speedup, parallel.bareSpeedup, ''),
    row('200 contracts in 2 shards, × of 1', shards.speedup, '', ''),
    row('from a killed thread to an answer, ms', revival.threadMs, '', ''),
    row('from a killed process to an answer, ms', revival.processMs, '', ''),
    row('memory of 300 compiles, MB', memory.rssMegabytesMax, memory.limitMegabytes, round(memory.growth)),
  ];
}
