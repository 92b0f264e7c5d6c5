import type { SourceIndex } from './ir/source-index.ts';
import { toolNames } from './tools/types.ts';
import type { Finding } from './types.ts';

/** A `// slipway-disable-next-line <detector>[, <detector>] -- reason` comment. */
interface Suppression {
  detectors: string[];
  reason: string;
  /** Where the comment stands. */
  line: number;
  /** The line it speaks of. */
  target: number;
}

export interface Suppressed {
  findings: Finding[];
  /** Comments that do nothing, and why: without a reason, or with a name that is no detector. */
  problems: { file: string; message: string }[];
}

/** Marks findings that a comment in the source disables. A comment without a reason disables nothing. */
export function applySuppressions(
  findings: Finding[],
  {
    source,
    files,
    known,
  }: { source: Pick<SourceIndex, 'lines'>; files: readonly string[]; known: readonly string[] },
): Suppressed {
  const problems: Suppressed['problems'] = [];
  const byFile = new Map<string, Suppression[]>();
  for (const file of files) {
    const list = read(source.lines(file));
    byFile.set(file, list);
    for (const item of list) {
      const where = `slipway-disable-next-line at line ${item.line}`;
      if (item.reason === '')
        problems.push({ file, message: `${where} has no reason (write "-- reason"); it disables nothing` });
      if (item.detectors.length === 0) problems.push({ file, message: `${where} names no detector` });
      for (const name of item.detectors) {
        if (!known.includes(name) && !isCheckOfTool(name))
          problems.push({ file, message: `${where} names "${name}", which is no detector` });
      }
    }
  }
  const marked = findings.map((finding) => {
    const match = byFile.get(finding.location.file)?.find((item) => {
      return (
        item.reason !== '' &&
        item.target === finding.location.line &&
        item.detectors.includes(finding.detector)
      );
    });
    return match ? { ...finding, suppressed: { reason: match.reason, line: match.line } } : finding;
  });
  return { findings: marked, problems };
}

function read(lines: string[]): Suppression[] {
  const found: Suppression[] = [];
  lines.forEach((text, index) => {
    const match = comment.exec(text);
    if (!match) return;
    // Several comments may stand on each other: all speak of the first line of code below.
    let target = index + 1;
    while (comment.test(lines[target] ?? '')) target++;
    const detectors = (match[1] ?? '').split(/[\s,]+/).filter((name) => name !== '');
    found.push({ detectors, reason: (match[2] ?? '').trim(), line: index + 1, target: target + 1 });
  });
  return found;
}

/** `slither:costly-loop`: what other analysers call their own checks. */
function isCheckOfTool(name: string): boolean {
  return toolNames.some((tool) => name.startsWith(`${tool}:`));
}

const comment = /^\s*\/\/\s*slipway-disable-next-line\b((?:(?!--).)*)(?:--(.*))?$/;
