import { readUnit, runDetector } from './audit-steps.ts';
import type { Detector } from './detector.ts';
import { detectors as allDetectors } from './detectors/index.ts';
import { makeReport } from './make-report.ts';
import type { AuditReport, AuditUnit } from './types.ts';

export interface AuditOptions {
  /** Milliseconds; only differences are used. */
  now: () => number;
  /** Which detectors run: all of the list unless a test says otherwise. */
  detectors?: readonly Detector[];
}

/**
 * Audits typed syntax trees with the built-in analyser. Pure: same unit, same report, but for the seconds.
 * A detector or file that fails is named in `problems` and makes the tool `partial`; the rest stands. Nothing ends a
 * detector that does not end by itself: `startAnalyser` does the same in a thread of its own.
 */
export function runAudit(unit: AuditUnit, options: AuditOptions): AuditReport {
  const started = options.now();
  const { audited, problems } = readUnit(unit);
  const results = audited
    ? (options.detectors ?? allDetectors).map((detector) => runDetector(detector, audited))
    : [];
  return makeReport(unit, { read: problems, results, seconds: (options.now() - started) / 1000 });
}
