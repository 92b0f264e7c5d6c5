import type { Compiler } from './types.ts';

/**
 * Does the work, and once more when no compiler was found for its sources and the official list has just brought new
 * ones. The list is asked for only then: an installation calls nobody by itself.
 *
 * @param work leaves nothing behind when it throws
 * @throws what `work` throws
 */
export async function withReleases<Result>(
  compiler: Pick<Compiler, 'learn'>,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(await compiler.learn(error))) throw error;
    return work();
  }
}
