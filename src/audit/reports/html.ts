import type { Sources } from '../../solidity/types.ts';
import { describeComparison } from '../baseline.ts';
import { detectors } from '../detectors/index.ts';
import { bars } from '../html/bars.ts';
import { escapeHtml, proseHtml } from '../html/escape.ts';
import { excerpt } from '../html/excerpt.ts';
import { style } from '../html/style.ts';
import { isOpen } from '../open-findings.ts';
import { type Finding, severities, type ToolReport } from '../types.ts';
import type { Reported, ReportFormat } from './types.ts';

/** One page that needs nothing from anywhere: no script, no font, no picture; its own policy lets nothing in. */
export const html: ReportFormat = {
  name: 'html',
  contentType: 'text/html; charset=utf-8',
  extension: 'html',
  print: toPage,
};

/** What the page may load: its own style sheet. Sent as a header too where a server sends the page. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function toPage(reported: Reported): string {
  const { title, report, sources } = reported;
  const open = report.findings.filter(isOpen);
  const accepted = report.findings.filter((finding) => !isOpen(finding));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="${pagePolicy}">
<title>Audit of ${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header><h1>Audit of ${escapeHtml(title)}</h1>
${verdict(reported)}
</header>
<main>
${charts(open)}
${tools(report.tools)}
${open.length > 0 ? `<h2>Findings</h2>\n${list(open)}` : ''}
${open.map((finding, at) => article(finding, { at, sources, state: stateOf(finding, reported) })).join('\n')}
${acceptedTable(accepted)}
${fixedTable(reported)}
</main>
<footer><p class="soft">Written by Slipway. An audit that finds nothing is no proof that nothing is wrong.</p></footer>
</body>
</html>
`;
}

function verdict({ report, comparison }: Reported): string {
  const { overall } = report;
  const worst = overall
    ? `The worst open finding is <strong class="severity ${overall}">${overall}</strong>.`
    : 'There is no open finding.';
  const unsure = report.tools.some(({ status }) => status === 'partial' || status === 'failed')
    ? ' <strong>A part was not looked at: see the tools.</strong>'
    : '';
  const compared = comparison
    ? `<p>Against ${escapeHtml(comparison.with)}: ${describeComparison(comparison)}.</p>`
    : '';
  return `<p>${worst}${unsure}</p>${compared}`;
}

function charts(open: readonly Finding[]): string {
  if (open.length === 0) return '';
  const bySeverity = severities.map((severity) => ({
    label: severity,
    count: open.filter((finding) => finding.severity === severity).length,
    kind: severity,
  }));
  const classes = Map.groupBy(open, classOf);
  const byClass = [...classes].map(([label, group]) => ({ label, count: group.length, kind: 'class' }));
  byClass.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  return `<section class="charts" aria-label="Charts">${bars('By severity', bySeverity)}${bars('By class', byClass)}</section>`;
}

const categoryOf = new Map<string, string>(detectors.map(({ id, category }) => [id, category]));

function classOf({ detector }: Finding): string {
  return categoryOf.get(detector) ?? 'other tools';
}

function tools(reports: readonly ToolReport[]): string {
  const rows = reports.map(({ tool, version, status, seconds, problems }) => {
    const told = problems.map(({ detector, file, message }) =>
      [detector, file, message].filter((part) => part !== undefined).join(': '),
    );
    const remarks =
      told.length > 0 ? `<ul>${told.map((text) => `<li>${proseHtml(text)}</li>`).join('')}</ul>` : '';
    return row([escapeHtml(tool), escapeHtml(version), `${status}${remarks}`, seconds.toFixed(2)]);
  });
  return table('Tools', ['Tool', 'Version', 'Status', 'Seconds'], rows);
}

function list(open: readonly Finding[]): string {
  const items = open.map(({ severity, title, location }, at) => {
    const where = escapeHtml(`${location.file}:${location.line}`);
    return `<li><span class="severity ${severity}">${severity}</span> <a href="#finding-${at + 1}">${escapeHtml(title)}</a> <code>${where}</code></li>`;
  });
  return `<nav aria-label="Findings"><ol>${items.join('\n')}</ol></nav>`;
}

function article(
  finding: Finding,
  { at, sources, state }: { at: number; sources: Sources; state: string },
): string {
  const { severity, confidence, detector, title, message, location, path, why, exploit, fix } = finding;
  const id = `finding-${at + 1}`;
  const steps = path.map(
    (step) =>
      `<li>${proseHtml(step.note ?? '')} <code>${escapeHtml(`${step.file}:${step.line}`)}</code>${excerpt(step, sources, 0)}</li>`,
  );
  return `<article class="finding ${severity}" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title"><span class="severity ${severity}">${severity}</span> ${escapeHtml(title)}${state}</h3>
<p>${proseHtml(message)}</p>
<p class="soft"><code>${escapeHtml(detector)}</code>, confidence ${confidence}${reporters(finding)}, <code>${escapeHtml(`${location.file}:${location.line}`)}</code></p>
${excerpt(location, sources)}
${steps.length > 0 ? `<h4>How it gets there</h4>\n<ol class="path">${steps.join('\n')}</ol>` : ''}
${proofPart(finding)}${run(finding)}<h4>Why it matters</h4><p>${proseHtml(why)}</p>
<h4>How it is used</h4><p>${proseHtml(exploit)}</p>
<h4>What to do</h4><p>${proseHtml(fix)}</p>
<p class="soft">${escapeHtml(finding.references.join(', '))}. Fingerprint <code>${finding.fingerprint}</code></p>
</article>`;
}

/** Who reports it beside, or in place of, the built-in analyser. */
function reporters({ tool, corroboratedBy = [] }: Finding): string {
  const own = tool === undefined ? '' : `, by ${escapeHtml(tool)}`;
  return corroboratedBy.length === 0
    ? own
    : `${own}, also reported by ${escapeHtml(corroboratedBy.join(', '))}`;
}

/** Whether an attack was carried out, and what it changed. */
function proofPart({ proof }: Finding): string {
  if (!proof) return '';
  const changes = proof.changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
  const list = changes.map((change) => `<li>${escapeHtml(change)}</li>`).join('');
  const head = proof.status === 'proven' ? 'Proven by an attack' : 'Not proven';
  return `<h4>${head}</h4><p>${proseHtml(proof.summary)}</p>${list === '' ? '' : `<ul>${list}</ul>`}\n`;
}

/** The run that a solver found. */
function run({ counterexample }: Finding): string {
  if (!counterexample) return '';
  const calls = counterexample.trace.map(({ call, state }) => `${call}  ${state ?? ''}`.trimEnd());
  return `<h4>A run in which it happens</h4><pre class="code" tabindex="0"><code>${escapeHtml(calls.join('\n'))}</code></pre>\n`;
}

function stateOf({ fingerprint }: Finding, { comparison }: Reported): string {
  if (!comparison) return '';
  return comparison.new.includes(fingerprint) ? ' <em>(new)</em>' : ' <em>(unchanged)</em>';
}

function acceptedTable(accepted: readonly Finding[]): string {
  if (accepted.length === 0) return '';
  const rows = accepted.map(({ severity, title, location, suppressed, waived }) => {
    const until = waived?.expiresAt ? ` until ${waived.expiresAt.slice(0, 10)}` : '';
    const how = suppressed
      ? `comment in line ${suppressed.line}: ${suppressed.reason}`
      : `waived${until}: ${waived?.reason ?? ''}`;
    return row([
      severity,
      escapeHtml(title),
      escapeHtml(`${location.file}:${location.line}`),
      escapeHtml(how),
    ]);
  });
  return table('Accepted', ['Severity', 'Finding', 'Where', 'Why'], rows);
}

function fixedTable({ comparison }: Reported): string {
  if (!comparison?.fixed || comparison.fixed.length === 0) return '';
  const rows = comparison.fixed.map(({ severity, message, location }) =>
    row([severity, proseHtml(message), escapeHtml(`${location.file}:${location.line}`)]),
  );
  return table('No longer found', ['Severity', 'Finding', 'Where it was'], rows);
}

function table(caption: string, head: readonly string[], rows: readonly string[]): string {
  const cells = head.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<table><caption>${caption}</caption><thead><tr>${cells}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function row(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
