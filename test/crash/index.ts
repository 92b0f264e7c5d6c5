import { type CrashProof, runProofs } from './frame.ts';
import { pipelines } from './pipelines.ts';

const proofs: readonly CrashProof[] = [pipelines];

process.exitCode = await runProofs(proofs, process.argv.slice(2));
