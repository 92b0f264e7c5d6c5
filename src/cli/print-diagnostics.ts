import pc from 'picocolors';
import type { Io } from './command.ts';

interface Shown {
  severity: string;
  code?: string | undefined;
  type: string;
  message: string;
  place?: { file: string; line: number; column: number; excerpt: string } | undefined;
  hint?: string | undefined;
}

/** Prints what the compiler said, as good compilers do: place, message, the line with carets, a hint. */
export function printDiagnostics(io: Io, diagnostics: readonly Shown[]): void {
  for (const { severity, code, type, message, place, hint } of diagnostics) {
    const colour = severity === 'error' ? pc.red : severity === 'warning' ? pc.yellow : pc.dim;
    const where = place ? `${place.file}:${place.line}:${place.column}: ` : '';
    io.stderr.write(`${where}${colour(severity)} ${pc.dim(code ?? type)} ${message}\n`);
    if (place) io.stderr.write(`${place.excerpt}\n`);
    if (hint) io.stderr.write(`${pc.cyan('hint')} ${hint}\n`);
  }
}
