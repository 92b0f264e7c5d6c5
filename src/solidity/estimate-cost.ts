import type { Declared } from './choose-contract.ts';
import type { PreparedCompile } from './types.ts';

/** Milliseconds for a thousand characters, measured on 2 cores with OpenZeppelin: reading, the tree, making code. */
const readMs = 0.7;
const treeMs = 1.5;
const codeMs = 10;
/** Most of a library's functions are compiled into whoever calls them, if anybody does. */
const libraryShare = 0.1;

/** Rough milliseconds: good enough to tell small from large, and what is worth several runs. */
export interface Cost {
  /** Of reading and checking all sources, which every run does. */
  readMs: number;
  /** Of the code of one of these contracts, with everything that it inherits. */
  codeMs(contract: Pick<Declared, 'file' | 'name' | 'kind'>): number;
}

/** Names are looked up in all files: this is for planning only. */
export function estimateCost(prepared: PreparedCompile): Cost {
  const { viaIR, optimizer } = prepared.input.settings;
  const factor = (viaIR ? 3 : 1) * (optimizer.enabled ? 1 : 0.5);
  let lengths: ((file: string, name: string) => number) | undefined;
  const known = new Map<string, number>();
  return {
    readMs: kilocharacters(prepared) * readMs,
    codeMs({ file, name, kind }) {
      if (kind !== 'contract' && kind !== 'library') return 0;
      const key = `${file}:${name}`;
      const held = known.get(key);
      if (held !== undefined) return held;
      lengths ??= inheritedLengths(prepared);
      const share = kind === 'library' ? libraryShare : 1;
      const ms = (lengths(file, name) / 1_000) * codeMs * factor * share;
      known.set(key, ms);
      return ms;
    },
  };
}

/** @returns milliseconds for a run that makes no code: errors only, or the syntax trees */
export function estimateReading(prepared: PreparedCompile, purpose: 'check' | 'ast'): number {
  return kilocharacters(prepared) * (purpose === 'check' ? readMs : treeMs);
}

function kilocharacters({ input }: PreparedCompile): number {
  return Object.values(input.sources).reduce((sum, { content }) => sum + content.length, 0) / 1_000;
}

/** Bounded, so that hostile text costs no more than some times its length. */
const head = /\b(?:contract|library|interface)\s{1,9}([\w$]{1,200})(?:\s{1,9}is\s([^{;]{0,300})|\s{0,9})\{/g;
/** Steps over bases that all contracts of a project get together: what is beyond is not worth planning with. */
const stepsMax = 200_000;

/** Text length of a contract with everything it inherits. */
function inheritedLengths({ input }: PreparedCompile): (file: string, name: string) => number {
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
  let steps = 0;
  return (file, name) => {
    const seen = new Set<string>();
    const queue = [`${file}:${name}`];
    let sum = 0;
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const entry = own.get(next);
      if (!entry || seen.has(next)) continue;
      seen.add(next);
      sum += entry.length;
      steps += 1;
      if (steps < stepsMax) queue.push(...entry.bases);
    }
    return sum;
  };
}
