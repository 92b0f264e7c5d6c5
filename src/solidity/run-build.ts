import type { ContractName, Declared } from './choose-contract.ts';
import type { RawOutput } from './compiler-child.ts';
import { estimateCost } from './estimate-cost.ts';
import { buildSelection, censusSelection, type OutputSelection, shardSelection } from './output-selection.ts';
import { planShards } from './plan-shards.ts';
import { type OutputError, readStandardOutput, type StandardOutput } from './standard-output.ts';
import type { PreparedCompile } from './types.ts';

/** Runs that a group of contracts gets when it does not compile together. */
const apartRunsMax = 24;

/** Runs the compiler once with this selection, which takes it about so many milliseconds. */
export type RunSelection = (selection: OutputSelection, costMs: number) => Promise<RawOutput>;

/** What the compiler gave for a build, however many runs it took. */
export interface BuildOutput {
  output: StandardOutput;
  compilerLong: string;
  /** Of all runs together. */
  compileMs: number;
}

/**
 * Asks the compiler for a build: in one run, or for a large project in several at once.
 *
 * A whole project can fail with "stack too deep" where each of its contracts alone does not, as the optimizer's choices
 * depend on what is compiled together: then it is halved until all halves compile, or one contract fails alone.
 */
export async function runBuild(options: {
  prepared: PreparedCompile;
  declared: readonly Declared[];
  named: ContractName | undefined;
  shards: number;
  run: RunSelection;
}): Promise<BuildOutput> {
  const { prepared, declared, named, run } = options;
  const cost = estimateCost(prepared);
  const shards = named ? [[named]] : planShards(declared, cost, options.shards);
  const runWhole = async (contracts: readonly ContractName[]) =>
    read(await run(buildSelection(prepared, named), costOf(contracts)));
  const [only = []] = shards;
  if (shards.length < 2) {
    const whole = await runWhole(only);
    if (named || !isTooDeep(whole)) return whole;
    const merged = merge(await Promise.all([runApart(only, whole), takeCensus()]));
    return isWhole(merged.output, prepared) ? merged : whole;
  }
  const parts = shards.map(async (contracts) => {
    const part = await runShard(contracts);
    return isTooDeep(part) ? runApart(contracts, part) : part;
  });
  const merged = merge(await Promise.all([...parts, takeCensus()]));
  // A contract that our own reading of the sources missed: rare, but nothing may be missing from a build.
  return isWhole(merged.output, prepared) ? merged : runWhole(shards.flat());

  /** What our own reading of the sources missed shows here. */
  async function takeCensus(): Promise<BuildOutput> {
    return read(await run(censusSelection(prepared), cost.readMs));
  }

  async function runShard(contracts: readonly ContractName[]) {
    return read(await run(shardSelection(contracts), costOf(contracts)));
  }

  function costOf(contracts: readonly ContractName[]): number {
    const wanted = new Set(contracts.map(({ file, contract }) => `${file}:${contract}`));
    return declared
      .filter(({ file, name }) => wanted.has(`${file}:${name}`))
      .reduce((sum, one) => sum + cost.codeMs(one), cost.readMs);
  }

  /** One after the other, and no further than to the first contract that fails alone: it decides the build. */
  async function runApart(contracts: readonly ContractName[], failed: BuildOutput): Promise<BuildOutput> {
    const done: BuildOutput[] = [];
    const left = halve(contracts);
    for (let runs = 0; left.length > 0; runs += 1) {
      const next = left.shift() as readonly ContractName[];
      if (runs === apartRunsMax) return failed;
      const part = await runShard(next);
      if (!isTooDeep(part)) done.push(part);
      else if (next.length === 1) return part;
      else left.unshift(...halve(next));
    }
    return done.length > 0 ? merge(done) : failed;
  }
}

function read(raw: RawOutput): BuildOutput {
  const { compilerLong, compileMs } = raw;
  return { output: readStandardOutput(raw.output), compilerLong, compileMs };
}

function halve(contracts: readonly ContractName[]): (readonly ContractName[])[] {
  if (contracts.length < 2) return [];
  const middle = Math.ceil(contracts.length / 2);
  return [contracts.slice(0, middle), contracts.slice(middle)];
}

/** The old code generator says "stack too deep", the new one "too deep in the stack" or "too deep inside the stack". */
function isTooDeep({ output }: BuildOutput): boolean {
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  return (
    errors.length > 0 &&
    errors.every(({ message }) => /stack too deep|too deep in(?:side)? the stack/i.test(message))
  );
}

function merge(parts: readonly BuildOutput[]): BuildOutput {
  const contracts: NonNullable<StandardOutput['contracts']> = {};
  const errors = new Map<string, OutputError>();
  for (const { output } of parts) {
    for (const error of output.errors ?? []) errors.set(JSON.stringify(error), error);
    for (const [file, found] of Object.entries(output.contracts ?? {})) {
      const held = contracts[file] ?? {};
      contracts[file] = held;
      for (const [name, contract] of Object.entries(found)) {
        if (contract.evm || !held[name]) held[name] = contract;
      }
    }
  }
  // The compiler gives names in this order.
  for (const [file, found] of Object.entries(contracts)) {
    contracts[file] = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  const [first] = parts as [BuildOutput];
  return {
    output: { ...first.output, contracts, ...(errors.size > 0 ? { errors: [...errors.values()] } : {}) },
    compilerLong: first.compilerLong,
    compileMs: parts.reduce((sum, { compileMs }) => sum + compileMs, 0),
  };
}

/** True when every contract of the caller's files has its outputs; refused sources have none to miss. */
function isWhole({ errors = [], contracts = {} }: StandardOutput, { ownFiles }: PreparedCompile): boolean {
  if (errors.some(({ severity }) => severity === 'error')) return true;
  return ownFiles.every((file) => Object.values(contracts[file] ?? {}).every(({ evm }) => evm !== undefined));
}
