import { type CrashProof, runProofs } from './frame.ts';
import { jobs } from './jobs.ts';
import { pipelines } from './pipelines.ts';

const proofs: readonly CrashProof[] = [pipelines, jobs];

process.exitCode = await runProofs(proofs, process.argv.slice(2));
