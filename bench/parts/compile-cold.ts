import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, round } from '../frame.ts';
import { erc20 } from './compile-inputs.ts';
import { startChildCompiler, writeBareInput } from './compilers.ts';

/**
 * The first small compile of a compile service that has just started and is not warm, against a process that is started
 * for it, loads `require('solc')` and compiles the same. Both are in a process of their own; beside it, the whole way of
 * ours from the start of a process too.
 */
export async function measureCold(directory: string, rounds: number) {
  const request = join(directory, 'request.json');
  const input = join(directory, 'input.json');
  writeFileSync(request, JSON.stringify(erc20('cold')));
  writeBareInput(erc20('cold'), input);
  const first: number[] = [];
  const whole: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    const ours = await startAndCompile('our-compiler', request);
    first.push(ours.firstMs);
    whole.push(ours.wholeMs);
    bare.push((await startAndCompile('solc-package', input)).wholeMs);
  }
  const beside = (series: readonly number[]) =>
    round(median(series.map((ms, turn) => ms / (bare[turn] ?? Number.NaN))));
  return {
    oursMs: Math.round(median(first)),
    bareMs: Math.round(median(bare)),
    ratio: beside(first),
    wholeMs: Math.round(median(whole)),
    wholeRatio: beside(whole),
  };
}

async function startAndCompile(name: 'our-compiler' | 'solc-package', file: string) {
  const begin = performance.now();
  const child = await startChildCompiler(name);
  const firstMs = await child.compile(file);
  const wholeMs = performance.now() - begin;
  await child.stop();
  return { firstMs, wholeMs };
}
