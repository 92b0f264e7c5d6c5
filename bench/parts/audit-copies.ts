import { startCompiler } from '../../src/solidity/start-compiler.ts';
import { readCases } from '../../test/corpus/audit/read-cases.ts';
import { median } from '../frame.ts';
import { analyse, unitFor } from './audit-cases.ts';

/** The cost of everything but the compile for so many copies of one contract of middle length in one build. */
export async function measureCopies(counts: readonly number[]): Promise<{ copies: number; ms: number }[]> {
  const compiler = await startCompiler({ workers: 1, compileSeconds: 300 });
  const source = middleCase();
  try {
    const found: { copies: number; ms: number }[] = [];
    for (const copies of counts) {
      const unit = await unitFor(compiler, { sources: copiesOf(source, copies) });
      const turns = Array.from({ length: copies > 16 ? 3 : 7 }, () => {
        // Fresh trees: what is remembered of a tree must not be measured.
        const { irMs, detectMs } = analyse(structuredClone(unit));
        return irMs + detectMs;
      });
      found.push({ copies, ms: median(turns) });
    }
    return found;
  } finally {
    await compiler.close();
  }
}

/** The contract of middle length among those with a fault, the same on every run. */
function middleCase(): string {
  const length = (source: string) => source.split('\n').length;
  const all = readCases()
    .filter(({ name, source }) => name.endsWith('.bad') && /pragma solidity \^?0\.8/.test(source))
    .sort((a, b) => length(a.source) - length(b.source) || (a.name < b.name ? -1 : 1));
  const middle = all[Math.floor(all.length / 2)];
  if (!middle) throw new Error('the corpus is empty');
  return middle.source;
}

function copiesOf(source: string, count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`Copy${index}.sol`, source]));
}
