import type { ContractName, Declared } from './choose-contract.ts';
import type { Cost } from './estimate-cost.ts';

/** Less code than this, in milliseconds, or not so many times the reading, is not worth reading all sources again. */
const codeMsMin = 1_500;
const codeToReadingMin = 2;

/**
 * Splits what a build asks of the compiler over several runs. Each run reads all sources, so that every id and hash is
 * the same, but makes code for its own contracts only. They are balanced by the estimated time of their code.
 *
 * @param shards how many runs at most
 * @returns the contracts of each run; one run when it is not worth more
 */
export function planShards(declared: readonly Declared[], cost: Cost, shards: number): ContractName[][] {
  const weighed = declared.map((one) => ({
    name: { file: one.file, contract: one.name },
    ms: cost.codeMs(one),
  }));
  const codeMs = weighed.reduce((sum, { ms }) => sum + ms, 0);
  const worthIt = codeMs >= Math.max(codeMsMin, codeToReadingMin * cost.readMs);
  if (shards < 2 || !worthIt) return [weighed.map(({ name }) => name)];
  const loads = Array.from({ length: shards }, () => ({ ms: 0, contracts: [] as ContractName[] }));
  for (const { name, ms } of weighed.sort((a, b) => b.ms - a.ms)) {
    const lightest = loads.reduce((best, one) => (one.ms < best.ms ? one : best));
    // What makes no code is dealt out too.
    lightest.ms += Math.max(ms, 0.1);
    lightest.contracts.push(name);
  }
  return loads.map(({ contracts }) => contracts).filter((contracts) => contracts.length > 0);
}
