import type { CompileRequest, Compiler } from '../../src/solidity/types.ts';
import { median, round } from '../frame.ts';
import { erc20, governor, wholeLibrary } from './compile-inputs.ts';
import { compileBy, type Tools, timed } from './compile-tools.ts';
import { writeBareInput } from './compilers.ts';

/** Medians of one input; `overheadMs` and `ratio` are medians over the rounds, each against its own neighbour. */
export interface Compared {
  input: string;
  poolMs: number;
  bareMs: number;
  overheadMs: number;
  ratio: number;
}

/** The rounds that WebAssembly needs until its hot functions are compiled in earnest are not counted. */
const inputs: { name: string; make: (mark: string) => CompileRequest; share: number; warmUps: number }[] = [
  { name: 'ERC-20', make: erc20, share: 1, warmUps: 8 },
  { name: 'governor', make: governor, share: 0.5, warmUps: 4 },
  { name: 'all of OpenZeppelin', make: wholeLibrary, share: 0.15, warmUps: 1 },
];

/** By turns: the bare compiler, the pool, each with a new input. */
export async function compareAll({ pool, bare: [bare], file }: Tools, rounds: number): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const { name, make, share, warmUps } of inputs) {
    const bareMs: number[] = [];
    const poolMs: number[] = [];
    for (let turn = -warmUps; turn < Math.ceil(rounds * share); turn += 1) {
      const request = make(`turn ${turn}`);
      writeBareInput(request, file('input'));
      const theirs = await bare.compile(file('input'));
      const ours = await timed(() => compileBy(pool, request));
      if (turn < 0) continue;
      bareMs.push(theirs);
      poolMs.push(ours);
    }
    compared.push({
      input: name,
      poolMs: round(median(poolMs), 1),
      bareMs: round(median(bareMs), 1),
      overheadMs: round(median(poolMs.map((ms, turn) => ms - (bareMs[turn] ?? Number.NaN))), 1),
      ratio: round(median(poolMs.map((ms, turn) => ms / (bareMs[turn] ?? Number.NaN)))),
    });
  }
  return compared;
}

/** @returns milliseconds until a wrong type in the governor is told */
export async function measureErrors(pool: Compiler, rounds: number): Promise<number> {
  const series: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const request = governor(`errors ${turn}`, 'uint256 wrong = "text";');
    const ms = await timed(async () => {
      const { diagnostics } = await pool.check(pool.prepare(request));
      if (diagnostics[0]?.code !== '7407')
        throw new Error(`not the error that was expected: ${diagnostics[0]?.message}`);
    });
    series.push(ms);
  }
  return round(median(series), 1);
}
