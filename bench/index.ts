import { compile } from './compile.ts';
import { type Benchmark, runBenchmarks } from './frame.ts';
import { jobs } from './jobs.ts';
import { startup } from './startup.ts';

const benchmarks: readonly Benchmark[] = [startup, compile, jobs];

process.exitCode = await runBenchmarks(benchmarks, process.argv.slice(2));
