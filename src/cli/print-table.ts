import pc from 'picocolors';
import type { Io } from './command.ts';

/** Prints rows under their headings, columns as wide as they need. */
export function printTable(io: Io, headings: string[], rows: string[][]): void {
  const widths = headings.map((heading, at) =>
    Math.max(heading.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  io.stdout.write(`${pc.dim(line(headings))}\n`);
  for (const row of rows) io.stdout.write(`${line(row)}\n`);
  if (rows.length === 0) io.stdout.write(`${pc.dim('none yet')}\n`);
}
