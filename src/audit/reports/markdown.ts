import { visible } from '../../lib/visible.ts';
import { describeComparison } from '../baseline.ts';
import { isOpen } from '../open-findings.ts';
import { type Finding, type Location, severities, type ToolReport } from '../types.ts';
import type { Reported, ReportFormat } from './types.ts';

/** For pull requests and wikis: what it comes to, every tool's status, every finding with its path. */
export const markdown: ReportFormat = {
  name: 'markdown',
  contentType: 'text/markdown; charset=utf-8',
  extension: 'md',
  print: (reported) => `${toMarkdown(reported).join('\n\n')}\n`,
};

function toMarkdown({ title, report, comparison }: Reported): string[] {
  const fresh = new Set(comparison?.new);
  const open = report.findings.filter(isOpen);
  const accepted = report.findings.filter((finding) => !isOpen(finding));
  const counted = severities.flatMap((severity) =>
    report.counts[severity] > 0 ? [`${report.counts[severity]} ${severity}`] : [],
  );
  const sum = counted.length > 0 ? counted.join(', ') : 'no open findings';
  return [
    `# Audit of ${prose(title)}`,
    `**${report.overall ?? 'nothing found'}**: ${sum}.`,
    table(['Tool', 'Version', 'Status', 'Seconds'], report.tools.map(toolRow)),
    ...report.tools.flatMap(({ problems }) =>
      problems.length === 0
        ? []
        : [
            problems
              .map(({ detector, file, message }) => {
                const where = [detector, file].filter((part) => part !== undefined).join(', ');
                return `- ${prose(where === '' ? message : `${where}: ${message}`)}`;
              })
              .join('\n'),
          ],
    ),
    ...(comparison ? [`Against ${prose(comparison.with)}: ${describeComparison(comparison)}.`] : []),
    ...open.flatMap((finding) => findingParts(finding, comparison ? fresh : undefined)),
    ...(accepted.length > 0
      ? ['## Accepted', table(['Finding', 'Where', 'Why'], accepted.map(acceptedRow))]
      : []),
    ...(comparison?.fixed && comparison.fixed.length > 0
      ? [
          '## No longer found',
          comparison.fixed
            .map(
              ({ detector, severity, location, message }) =>
                `- ${severity} ${code(detector)} ${code(`${location.file}:${location.line}`)}: ${prose(message)}`,
            )
            .join('\n'),
        ]
      : []),
  ];
}

function findingParts(finding: Finding, fresh: ReadonlySet<string> | undefined): string[] {
  const { severity, confidence, detector, title, message, location, path, why, exploit, fix } = finding;
  const state = fresh === undefined ? '' : fresh.has(finding.fingerprint) ? ' (new)' : ' (unchanged)';
  return [
    `## ${severity}: ${prose(title)}${state}`,
    `${code(detector)} at ${code(placeOf(location))}, confidence ${confidence}${reporters(finding)}. ${prose(message)}`,
    fence(location.excerpt),
    ...(path.length > 0 ? [path.map(step).join('\n')] : []),
    ...(finding.counterexample
      ? [
          fence(
            finding.counterexample.trace.map(({ call, state: then }) => `${call}  ${then ?? ''}`).join('\n'),
          ),
        ]
      : []),
    ...(finding.proof
      ? [
          `**${finding.proof.status === 'proven' ? 'Proven' : 'Not proven'}.** ${prose(finding.proof.summary)}`,
        ]
      : []),
    `**Why.** ${prose(why)}`,
    `**How it is used.** ${prose(exploit)}`,
    `**What to do.** ${prose(fix)}`,
    `${prose(finding.references.join(', '))}. Fingerprint ${code(finding.fingerprint)}.`,
  ];
}

/** Who reports it beside, or in place of, the built-in analyser. */
function reporters({ tool, corroboratedBy = [] }: Finding): string {
  const own = tool === undefined ? '' : `, by ${prose(tool)}`;
  return corroboratedBy.length === 0 ? own : `${own}, also reported by ${prose(corroboratedBy.join(', '))}`;
}

function step(location: Location, at: number): string {
  return `${at + 1}. ${code(placeOf(location))} ${prose(location.note ?? '')}`.trimEnd();
}

function toolRow({ tool, version, status, seconds }: ToolReport): string[] {
  return [prose(tool), prose(version), status, seconds.toFixed(2)];
}

function acceptedRow({ severity, detector, location, suppressed, waived }: Finding): string[] {
  const until = waived?.expiresAt ? ` until ${waived.expiresAt.slice(0, 10)}` : '';
  const why = suppressed
    ? `comment in line ${suppressed.line}: ${suppressed.reason}`
    : `waived${until}: ${waived?.reason ?? ''}`;
  return [`${severity} ${code(detector)}`, code(placeOf(location)), prose(why)];
}

function placeOf({ file, line }: Location): string {
  return `${file}:${line}`;
}

function table(head: string[], rows: string[][]): string {
  // A bar ends a cell even inside of code.
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text in which only backticks mean something: what they enclose is code, the rest is shown as it is. */
function prose(text: string): string {
  const flat = visible(text).replace(/\s+/g, ' ').trim();
  return flat
    .split(/(`[^`]*`)/)
    .map((part, at) => (at % 2 === 1 ? code(part.slice(1, -1)) : part.replace(/[\\`*_{}[\]<>#~&!]/g, '\\$&')))
    .join('');
}

/** A code span whose fence is longer than any backticks in it (CommonMark 6.1). */
function code(text: string): string {
  const flat = visible(text).replace(/\s+/g, ' ');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const edge = '`'.repeat(longest + 1);
  const pad = longest > 0 || flat === '' ? ' ' : '';
  return `${edge}${pad}${flat}${pad}${edge}`;
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const edge = '`'.repeat(longest + 1);
  return `${edge}solidity\n${visible(text)}\n${edge}`;
}
