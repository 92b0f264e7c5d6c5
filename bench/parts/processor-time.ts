import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second. */
const tickMs = 10;

/**
 * @param directory of a server's data, by which the processes it started are known
 * @param serverPid the server itself
 * @returns milliseconds of processor time so far, by part; zeros where there is no `/proc`
 */
export function processorTime(directory: string, serverPid: number) {
  const spent = { platformMs: 0, postgresMs: 0, chainMs: 0 };
  const all = readAll();
  const postgres = all.find(({ line }) => line.includes('postgres') && line.includes(directory));
  for (const { pid, parent, line, ticks } of all) {
    if (pid === serverPid) spent.platformMs += ticks * tickMs;
    else if (postgres && (pid === postgres.pid || parent === postgres.pid))
      spent.postgresMs += ticks * tickMs;
    else if (line.includes('anvil') && line.includes(directory)) spent.chainMs += ticks * tickMs;
  }
  return spent;
}

interface Process {
  pid: number;
  parent: number;
  line: string;
  ticks: number;
}

function readAll(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => readProcess(Number(name)));
  } catch {
    return [];
  }
}

/** The fields behind the name, which may hold anything: state, parent, …, utime and stime as numbers 14 and 15. */
function readProcess(pid: number): Process[] {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(fields[1]), line, ticks: Number(fields[11]) + Number(fields[12]) }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
