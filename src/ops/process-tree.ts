import { readdirSync, readFileSync } from 'node:fs';

const pageBytes = 4_096;

/**
 * Sums the memory of a process and of all that descends from it, as Linux counts it (`/proc/<pid>/stat`, field 24).
 *
 * @returns bytes that are resident; 0 where there is no `/proc`
 */
export function treeBytes(root: number): number {
  const children = new Map<number, number[]>();
  const bytes = new Map<number, number>();
  for (const pid of processIds()) {
    const stat = readStat(pid);
    if (!stat) continue;
    bytes.set(pid, stat.pages * pageBytes);
    const siblings = children.get(stat.parent) ?? [];
    siblings.push(pid);
    children.set(stat.parent, siblings);
  }
  let sum = 0;
  const left = [root];
  for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
    sum += bytes.get(pid) ?? 0;
    left.push(...(children.get(pid) ?? []));
  }
  return sum;
}

/**
 * Ends every process whose environment holds `word`: those that left their group, as a daemon does. Linux only.
 *
 * @param word long and random, so that it stands in no other environment
 */
export function killMarked(word: string): void {
  for (const pid of processIds()) {
    if (pid === process.pid || !environmentOf(pid).includes(word)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

function readStat(pid: number): { parent: number; pages: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), pages: Number(fields[21]) };
  } catch {
    return null;
  }
}
