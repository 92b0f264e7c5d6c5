import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Finds which of the processes has the other end of a connection on this machine (Linux: `/proc/net/tcp`, `/proc/<pid>/fd`).
 *
 * @param port of the other end
 * @returns null when it is none of them, or gone
 */
export function ownerOfPort(port: number, pids: readonly number[]): number | null {
  const inode = inodeOf(port);
  if (inode === null) return null;
  return pids.find((pid) => holds(pid, inode)) ?? null;
}

function inodeOf(port: number): string | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(`:${wanted}`)) return fields[9] ?? null;
  }
  return null;
}

function holds(pid: number, inode: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((fd) => linkOf(`${folder}/${fd}`) === `socket:[${inode}]`);
  } catch {
    // It has ended.
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
