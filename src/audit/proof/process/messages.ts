import type { Proof, ProofTask } from '../types.ts';

/** What the process is asked. */
export interface ToProver {
  id: number;
  task: ProofTask;
}

/** What it answers. `isFull`: it holds so much memory that another one should take its place. */
export type FromProver =
  | { type: 'ready' }
  | { type: 'done'; id: number; proof: Proof; isFull: boolean }
  | { type: 'failed'; id: number; detail: string; isFull: boolean };
