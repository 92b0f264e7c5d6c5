import { type Comparison, compareAudits, toBaseline } from '../audit/baseline.ts';
import { isWhole } from '../audit/open-findings.ts';
import { AppError } from '../lib/app-error.ts';
import { type Audited, type AuditedPath, mergeAudits } from './audit-paths.ts';
import type { Io } from './command.ts';
import { nextChange } from './next-change.ts';
import { printFailure } from './print-failure.ts';
import { printable } from './printable.ts';

/**
 * Audits again after each change until a signal comes: of several paths those that the change is about.
 *
 * @param how.report prints one run, told what has come and gone since the run before; returns its exit code
 * @returns the last run's exit code
 */
export async function watchAudit(
  io: Io,
  how: {
    look: (kept?: (path: string) => AuditedPath | undefined) => Promise<AuditedPath[]>;
    report: (audited: Audited, since?: Comparison) => number;
  },
): Promise<number> {
  const stopped = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopped.abort());
  let parts = await how.look();
  let last = mergeAudits(parts);
  let code = how.report(last);
  for (;;) {
    const roots = [...new Set(parts.flatMap(({ root }) => root ?? []))];
    io.stderr.write(`\nWatching ${roots.join(', ')}; Ctrl+C ends it.\n`);
    const changed = await nextChange(roots, stopped.signal);
    if (changed === undefined) return code;
    io.stderr.write(`Changed: ${changed.map(printable).join(', ')}\n`);
    try {
      parts = await how.look((path) =>
        parts.find((part) => part.path === path && !changed.some((file) => part.covers(file))),
      );
    } catch (error) {
      // A source that cannot be read at the moment is mended with the next change.
      if (!(error instanceof AppError)) throw error;
      code = printFailure(io, error, { json: false });
      continue;
    }
    const audited = mergeAudits(parts);
    const earlier = { name: 'the run before', findings: toBaseline(last.report.findings).findings };
    code = how.report(audited, compareAudits(audited.report, earlier));
    // A run that could not look at everything would make the next one find anew what was known.
    if (isWhole(audited.report)) last = audited;
  }
}
