import type { BaselineFinding, Comparison } from '../baseline.ts';
import { detectors } from '../detectors/index.ts';
import { isOpen } from '../open-findings.ts';
import type { Confidence, Finding, Location, Severity, ToolReport } from '../types.ts';
import type { Reported, ReportFormat } from './types.ts';

/**
 * SARIF 2.1.0 (OASIS Standard), as code scanning of GitHub, Azure DevOps and editors read it: a rule for each detector,
 * the path of a finding as a code flow, fingerprints, what is suppressed in source or waived outside, and how a finding
 * stands to the baseline.
 */
export const sarif: ReportFormat = {
  name: 'sarif',
  contentType: 'application/sarif+json',
  extension: 'sarif',
  print: (reported) => `${JSON.stringify(toLog(reported), null, 2)}\n`,
};

/** Name and version of the way that fingerprints are made, for `partialFingerprints`. */
const fingerprintKey = 'slipwayFinding/v1';

function toLog(reported: Reported) {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [toRun(reported)],
  };
}

function toRun(reported: Reported) {
  const { report, comparison } = reported;
  const fixed = comparison?.fixed ?? [];
  const rules = rulesOf([...report.findings, ...fixed]);
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const [own, ...others] = report.tools;
  return {
    tool: {
      driver: {
        name: 'Slipway',
        ...(own && /^\d/.test(own.version) ? { semanticVersion: own.version } : {}),
        rules,
      },
      ...(others.length > 0
        ? { extensions: others.map(({ tool, version }) => ({ name: tool, ...(version ? { version } : {}) })) }
        : {}),
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The top of the repository.' } } },
    invocations: report.tools.map((tool) => toInvocation(tool, reported)),
    artifacts: Object.keys(reported.sources)
      .filter((file) => report.findings.some(({ location }) => location.file === file))
      .map((file) => ({ location: artifactOf(file, reported), sourceLanguage: 'solidity' })),
    results: [
      ...report.findings.map((finding) =>
        toResult(finding, { reported, ruleIndex: indexOf.get(finding.detector) ?? 0 }),
      ),
      ...fixed.map((finding) =>
        toAbsent(finding, { reported, ruleIndex: indexOf.get(finding.detector) ?? 0 }),
      ),
    ],
  };
}

/** What a rule says comes from the catalogue, and for other tools' findings from the findings themselves. */
function rulesOf(findings: readonly (Finding | BaselineFinding)[]) {
  const byDetector = new Map<string, ReturnType<typeof toRule>>();
  for (const finding of findings) {
    const { detector: id } = finding;
    if (byDetector.has(id)) continue;
    const known = detectors.find((detector) => detector.id === id);
    const told = known ?? ('why' in finding ? { ...finding, category: undefined } : undefined);
    byDetector.set(id, toRule(id, told, finding));
  }
  return [...byDetector.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Told {
  title: string;
  why: string;
  exploit: string;
  fix: string;
  references: readonly string[];
  severity: Severity;
  confidence: Confidence;
  category?: string | undefined;
}

function toRule(id: string, told: Told | undefined, finding: { severity: Severity; message: string }) {
  const severity = told?.severity ?? finding.severity;
  const title = told?.title ?? finding.message;
  const parts = told ? [told.why, told.exploit, told.fix] : [finding.message];
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: told?.why ?? finding.message },
    defaultConfiguration: { level: levels[severity] },
    help: {
      text: parts.join('\n\n'),
      markdown: told
        ? `**Why**\n\n${told.why}\n\n**How it is used**\n\n${told.exploit}\n\n**What to do**\n\n${told.fix}\n`
        : finding.message,
    },
    properties: {
      tags: ['security', ...(told?.category ? [told.category] : []), ...(told?.references ?? []).map(tagOf)],
      'security-severity': scores[severity],
      ...(told ? { precision: precisions[told.confidence] } : {}),
    },
  };
}

/** GitHub shows CWE numbers that are tagged in the words of CodeQL. */
function tagOf(reference: string): string {
  const cwe = /^CWE-(\d+)/.exec(reference)?.[1];
  return cwe === undefined ? reference : `external/cwe/cwe-${cwe.padStart(3, '0')}`;
}

function toResult(finding: Finding, { reported, ruleIndex }: { reported: Reported; ruleIndex: number }) {
  const { detector, severity, message, fix, location, path, fingerprint } = finding;
  const suppressions = suppressionsOf(finding);
  const logical = [finding.contract, finding.function].filter((name) => name !== undefined).join('.');
  return {
    ruleId: detector,
    ruleIndex,
    level: levels[severity],
    message: { text: `${message}\n${fix}` },
    locations: [
      {
        physicalLocation: physical(location, reported),
        ...(logical
          ? {
              logicalLocations: [
                { fullyQualifiedName: logical, kind: finding.function ? 'function' : 'type' },
              ],
            }
          : {}),
      },
    ],
    ...(path.length > 0 ? { codeFlows: [{ threadFlows: [{ locations: stepsOf(path, reported) }] }] } : {}),
    partialFingerprints: { [fingerprintKey]: fingerprint },
    // An empty list says that somebody looked, and suppressed nothing.
    suppressions,
    ...(reported.comparison ? { baselineState: baselineState(finding, reported.comparison) } : {}),
    properties: {
      ...{ severity, confidence: finding.confidence, exploit: finding.exploit },
      ...(finding.waived ? { waiver: finding.waived } : {}),
      ...(finding.tool ? { tool: finding.tool } : {}),
      ...(finding.corroboratedBy ? { corroboratedBy: finding.corroboratedBy } : {}),
      ...(finding.proof ? { proof: finding.proof } : {}),
      ...(finding.counterexample ? { counterexample: finding.counterexample } : {}),
    },
  };
}

/** What the earlier audit had and this one does not find any more. */
function toAbsent(
  finding: BaselineFinding,
  { reported, ruleIndex }: { reported: Reported; ruleIndex: number },
) {
  const { detector, severity, message, fingerprint, location } = finding;
  const artifactLocation = artifactOf(location.file, reported);
  return {
    ruleId: detector,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine: location.line } } }],
    partialFingerprints: { [fingerprintKey]: fingerprint },
    baselineState: 'absent',
    properties: { severity },
  };
}

function baselineState(finding: Finding, comparison: Comparison): string {
  const { fingerprint } = finding;
  if (comparison.unchanged.includes(fingerprint)) return 'unchanged';
  // What does not count is not in the comparison; it is nothing new either way.
  return comparison.new.includes(fingerprint) || isOpen(finding) ? 'new' : 'unchanged';
}

function suppressionsOf({ suppressed, waived }: Finding) {
  return [
    ...(suppressed ? [{ kind: 'inSource', status: 'accepted', justification: suppressed.reason }] : []),
    ...(waived ? [{ kind: 'external', status: 'accepted', justification: waived.reason }] : []),
  ];
}

function stepsOf(path: readonly Location[], reported: Reported) {
  return path.map((step, at) => ({
    executionOrder: at + 1,
    location: {
      physicalLocation: physical(step, reported),
      ...(step.note === undefined ? {} : { message: { text: step.note } }),
    },
  }));
}

function physical(location: Location, reported: Reported) {
  const { line, column, endLine, endColumn, excerpt } = location;
  return {
    artifactLocation: artifactOf(location.file, reported),
    region: {
      ...{ startLine: line, startColumn: column, endLine, endColumn },
      snippet: { text: excerpt },
    },
  };
}

/** Files that were audited lie below the base; what is elsewhere, such as a library, keeps its name. */
function artifactOf(file: string, { sources, base }: Reported) {
  const path = Object.hasOwn(sources, file) ? `${base}${file}` : file;
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  ...{ critical: 'error', high: 'error', medium: 'warning' },
  ...{ low: 'note', info: 'note', gas: 'note' },
};

/** GitHub's scale: over 9 is critical, from 7 high, from 4 medium. */
const scores: Record<Severity, string> = {
  ...{ critical: '9.5', high: '8.0', medium: '5.5' },
  ...{ low: '3.0', info: '1.0', gas: '0.0' },
};

const precisions: Record<Confidence, string> = { high: 'high', medium: 'medium', low: 'low' };

function toInvocation({ tool, status, problems }: ToolReport, reported: Reported) {
  return {
    executionSuccessful: status !== 'failed' && status !== 'unavailable',
    toolExecutionNotifications: [
      ...(status === 'partial' || status === 'failed' || status === 'unavailable'
        ? [
            {
              level: 'error',
              message: { text: `${tool}: ${status}. What it did not look at is not a pass.` },
            },
          ]
        : []),
      ...problems.map(({ detector, file, message }) => ({
        level: 'warning',
        message: { text: message },
        ...(detector === undefined ? {} : { associatedRule: { id: detector } }),
        ...(file === undefined
          ? {}
          : { locations: [{ physicalLocation: { artifactLocation: artifactOf(file, reported) } }] }),
      })),
    ],
  };
}
