import { invariant } from '../../lib/invariant.ts';
import { limits } from '../../lib/limits.ts';
import type { Compiler, Executable, ExecutableOutcome } from '../../solidity/types.ts';
import { buildProgram, type Program } from '../ir/program.ts';
import type { Finding } from '../types.ts';
import { unitOfOutcome } from '../unit-of-outcome.ts';
import { helperRequest } from './helper-contracts.ts';
import { planProof } from './plan.ts';
import { type ProverChild, startProverChild } from './prover-child.ts';
import { notProven } from './search.ts';
import type { Proof, ProofTask } from './types.ts';

/** Shows findings by execution, one after the other. Close it, or it keeps the service alive. */
export interface Prover {
  /**
   * Tries to show a finding.
   *
   * @param outcome of a compile of the very sources that were audited
   * @param options.seconds how long it may compute, `limits.proofSeconds` at most
   * @param options.clockSeconds how long it may take, `limits.proofClockSeconds` by default
   * @returns undefined for findings of detectors whose faults no execution shows
   */
  prove(
    outcome: ExecutableOutcome,
    finding: Finding,
    options?: { seconds?: number; clockSeconds?: number; signal?: AbortSignal | undefined },
  ): Promise<Proof | undefined>;
  close(): Promise<void>;
}

/**
 * Prepares proofs. The process in which foreign code is run starts with the first of them.
 *
 * @param compiler makes the attacker's contracts, once
 */
export function startProver(compiler: Compiler): Prover {
  const programs = new WeakMap<ExecutableOutcome, Program>();
  let helpers: Promise<Executable[]> | undefined;
  let child: ProverChild | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function run(task: ProofTask, signal: AbortSignal | undefined): Promise<Proof> {
    signal?.throwIfAborted();
    child ??= startProverChild();
    const started = performance.now();
    const answer = await child.run(task, signal);
    if (answer.isOver) child = undefined;
    if ('proof' in answer) return answer.proof;
    signal?.throwIfAborted();
    return { ...notProven(answer.detail), seconds: (performance.now() - started) / 1_000 };
  }

  return {
    async prove(outcome, finding, { seconds = limits.proofSeconds, clockSeconds, signal } = {}) {
      helpers ??= compileHelpers(compiler);
      let program = programs.get(outcome);
      if (!program) {
        program = buildProgram(unitOfOutcome(outcome));
        programs.set(outcome, program);
      }
      const { executables } = outcome;
      const bounded = Math.min(seconds, limits.proofSeconds);
      const clock = clockSeconds ?? limits.proofClockSeconds;
      const options = { executables, helpers: await helpers, seconds: bounded, clockSeconds: clock };
      const task = planProof(program, finding, options);
      if (!task) return undefined;
      const mine = turn.then(() => run(task, signal));
      turn = mine.catch(() => {});
      return mine;
    },
    async close() {
      await child?.close();
    },
  };
}

async function compileHelpers(compiler: Compiler): Promise<Executable[]> {
  const outcome = await compiler.executables(compiler.prepare(helperRequest));
  const [error] = outcome.diagnostics.filter(({ severity }) => severity === 'error');
  invariant(outcome.ok, `the attacker's contracts compile: ${error?.message}`);
  return outcome.executables;
}
