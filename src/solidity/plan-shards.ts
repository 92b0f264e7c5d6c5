import type { ContractName, Declared } from './choose-contract.ts';
import type { PreparedCompile } from './types.ts';

/** Fewer contracts with code, or less source than this, are not worth the second reading of all sources. */
const contractsMin = 8;
const sourceBytesMin = 200_000;

/**
 * Splits what a build asks of the compiler over several runs. Each run reads all sources, so that every id and hash is
 * the same, but makes code for its own contracts only; code generation is most of the time. They are balanced by the
 * source text that goes into each contract: its own and its bases'.
 *
 * @param shards how many runs at most
 * @returns the contracts of each run; one run when it is not worth more
 */
export function planShards(
  prepared: PreparedCompile,
  declared: readonly Declared[],
  shards: number,
): ContractName[][] {
  const all = declared.map(({ file, name }) => ({ file, contract: name }));
  const withCode = declared.filter(({ kind }) => kind === 'contract' || kind === 'library');
  if (shards < 2 || withCode.length < contractsMin || sourceBytes(prepared) < sourceBytesMin) return [all];
  const weights = weigh(prepared);
  const loads = Array.from({ length: shards }, () => ({ weight: 0, contracts: [] as ContractName[] }));
  const heaviest = declared
    .map(({ file, name, kind }) => ({
      name: { file, contract: name },
      weight: kind === 'contract' || kind === 'library' ? weights(file, name) : 1,
    }))
    .sort((a, b) => b.weight - a.weight);
  for (const { name, weight } of heaviest) {
    const lightest = loads.reduce((best, one) => (one.weight < best.weight ? one : best));
    lightest.weight += weight;
    lightest.contracts.push(name);
  }
  return loads.map(({ contracts }) => contracts).filter((contracts) => contracts.length > 0);
}

/** Bytes of all sources, as far as characters are bytes. */
export function sourceBytes({ input }: PreparedCompile): number {
  return Object.values(input.sources).reduce((sum, { content }) => sum + content.length, 0);
}

/** Bounded, so that hostile text costs no more than its length. */
const head = /\b(?:contract|library|interface)\s{1,9}([\w$]{1,200})(?:\s{1,9}is\s([^{;]{0,4000})|\s{0,9})\{/g;

/** Text length of a contract with everything it inherits. Names are looked up in all files: this is for balance only. */
function weigh({ input }: PreparedCompile): (file: string, name: string) => number {
  const own = new Map<string, { length: number; bases: string[] }>();
  for (const [file, { content }] of Object.entries(input.sources)) {
    const heads = [...content.matchAll(head)];
    for (const [index, one] of heads.entries()) {
      const length = (heads[index + 1]?.index ?? content.length) - one.index;
      const bases = (one[2] ?? '').replace(/\([^)]*\)/g, '').split(',');
      const entry = { length, bases: bases.map((base) => base.trim()).filter((base) => base !== '') };
      own.set(`${file}:${one[1]}`, entry);
      own.set(one[1] as string, entry);
    }
  }
  return (file, name) => {
    const seen = new Set<string>();
    const queue = [`${file}:${name}`];
    let sum = 0;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const entry = own.get(next);
      if (!entry || seen.has(next)) continue;
      seen.add(next);
      sum += entry.length;
      queue.push(...entry.bases);
    }
    return sum;
  };
}
