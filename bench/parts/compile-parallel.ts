import { startCompiler } from '../../src/solidity/start-compiler.ts';
import type { Compiler } from '../../src/solidity/types.ts';
import { median, round } from '../frame.ts';
import { erc20, manyContracts } from './compile-inputs.ts';
import { compileBy, speedup, type Tools, timed } from './compile-tools.ts';
import { writeBareInput } from './compilers.ts';

const warmUps = 8;

/** Two new inputs in turn, and two at once; two bare compilers beside it show what the machine has to give. */
export async function measurePairs({ pool, bare, file }: Tools, rounds: number) {
  const files = ['a', 'b'].map((name) => file(`pair ${name}`)) as [string, string];
  for (const [at, name] of files.entries()) writeBareInput(erc20(`pair ${at}`), name);
  for (let turn = 0; turn < warmUps; turn += 1) await bare[1].compile(files[1]);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const fresh = (name: string) => () => compileBy(pool, erc20(`pair ${turn} ${name}`));
    ours.push(await speedup([fresh('a'), fresh('b')], [fresh('c'), fresh('d')]));
    const both = [() => bare[0].compile(files[0]), () => bare[1].compile(files[1])];
    theirs.push(await speedup(both, both));
  }
  return { speedup: round(median(ours)), bareSpeedup: round(median(theirs)) };
}

/** A project of 200 contracts by the pool of two against a pool of one, by turns. */
export async function measureShards(pool: Compiler, rounds: number) {
  const single = await startCompiler({ workers: 1, compileSeconds: 300 });
  try {
    const speedups: number[] = [];
    for (let turn = -1; turn < rounds; turn += 1) {
      const request = manyContracts(`turn ${turn}`);
      const one = await timed(() => compileBy(single, request));
      const two = await timed(() => compileBy(pool, request));
      if (turn >= 0) speedups.push(one / two);
    }
    return { speedup: round(median(speedups)) };
  } finally {
    await single.close();
  }
}
