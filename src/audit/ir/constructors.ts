import type { Callable, Program } from './program.ts';

/** @returns true for a public function of a contract before 0.5 whose name says that it was to be the constructor */
export function isMeantAsConstructor(program: Program, { name, kind, contract }: Callable): boolean {
  return program.minor <= 4 && kind === 'function' && contract !== undefined && isMeant(name, contract.name);
}

/** Spelled as the contract but for letter case, or as the keyword, or differing in one or two letters. */
function isMeant(name: string, contract: string): boolean {
  if (name === contract) return false;
  const [a, b] = [name.toLowerCase(), contract.toLowerCase()];
  if (a === b || a === 'constructor' || a === `_${b}` || a === 'init_constructor') return true;
  return /^[A-Z]/.test(name) && (b.includes(a) || a.includes(b) || distance(a, b) <= 2);
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
