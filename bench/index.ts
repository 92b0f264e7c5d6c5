import { audit } from './audit.ts';
import { compile } from './compile.ts';
import { deploy } from './deploy.ts';
import { type Benchmark, runBenchmarks } from './frame.ts';
import { hostile } from './hostile.ts';
import { jobs } from './jobs.ts';
import { live } from './live.ts';
import { startup } from './startup.ts';

const benchmarks: readonly Benchmark[] = [startup, compile, audit, deploy, jobs, live, hostile];

process.exitCode = await runBenchmarks(benchmarks, process.argv.slice(2));
