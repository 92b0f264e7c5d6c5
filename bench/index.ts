import { compile } from './compile.ts';
import { type Benchmark, runBenchmarks } from './frame.ts';
import { startup } from './startup.ts';

const benchmarks: readonly Benchmark[] = [startup, compile];

process.exitCode = await runBenchmarks(benchmarks, process.argv.slice(2));
