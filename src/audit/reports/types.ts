import type { Sources } from '../../solidity/types.ts';
import type { Comparison } from '../baseline.ts';
import type { AuditReport } from '../types.ts';

/** An audit as a report shows it. */
export interface Reported {
  /** What was audited: a path, or the audit's id. */
  title: string;
  report: AuditReport;
  comparison?: Comparison;
  /** Texts of the audited files, for the lines around a finding; a file that is not among them is shown without. */
  sources: Sources;
  /** Where the files lie in the repository, with a slash at the end, so that those who show it find them; empty for its top. */
  base: string;
}

/** One way to write an audit down. Add a file and one line to `reports/index.ts`. */
export interface ReportFormat {
  /** The file's name. */
  name: string;
  contentType: string;
  /** What files of it end with. */
  extension: string;
  /** @returns the whole report as text; pure */
  print(reported: Reported): string;
}
