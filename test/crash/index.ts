import { deploy } from './deploy.ts';
import { type CrashProof, runProofs } from './frame.ts';
import { jobs } from './jobs.ts';
import { pipelines } from './pipelines.ts';

const proofs: readonly CrashProof[] = [pipelines, jobs, deploy];

process.exitCode = await runProofs(proofs, process.argv.slice(2));
