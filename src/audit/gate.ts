import { isOpen } from './open-findings.ts';
import type { Acknowledgement, AuditReport, Finding, GateDecision, Policy } from './types.ts';

export interface GateInput {
  policy: Policy;
  /** The finished audit, or null when there is none. */
  audit: AuditReport | null;
  /** Why there is no finished audit, when somebody knows. */
  auditProblem?: string;
  /** For this one deployment: each names a finding and says why it is accepted. */
  acknowledgements: Acknowledgement[];
  /** The caller said explicitly that the deployment is wanted. */
  confirmed: boolean;
}

/**
 * Decides whether a deployment may go on. Pure. "Not run" is never a pass: where the policy needs an audit, one
 * that did not run, failed or was only partial blocks, and no acknowledgement helps against that.
 *
 * An acknowledgement of a finding that the audit does not have is named in `reasons` and changes nothing.
 */
export function evaluateGate({
  policy,
  audit,
  auditProblem,
  acknowledgements,
  confirmed,
}: GateInput): GateDecision {
  const reasons: GateDecision['reasons'] = [];
  if (policy.auditRequired) reasons.push(...auditReasons(policy, audit, auditProblem));
  const accepted = new Map(acknowledgements.map((item) => [item.fingerprint, item]));
  const open = (audit?.findings ?? []).filter(isOpen);
  const matching = open.filter((finding) => blocks(finding, policy));
  const blocking = matching.filter((finding) => !accepted.has(finding.fingerprint));
  for (const finding of blocking) {
    const { file, line } = finding.location;
    reasons.push({
      code: 'finding-blocks',
      message: `${finding.severity} ${finding.detector} at ${file}:${line}: ${finding.message}`,
    });
  }
  if (policy.explicitConfirmation && !confirmed) {
    reasons.push({
      code: 'confirmation-missing',
      message: `A deployment under the ${policy.name} policy must be confirmed explicitly.`,
    });
  }
  const blocked = reasons.length > 0;
  const all = new Map((audit?.findings ?? []).map((finding) => [finding.fingerprint, finding]));
  for (const { fingerprint } of acknowledgements) {
    if (all.has(fingerprint)) continue;
    reasons.push({
      code: 'acknowledgement-unknown',
      message: `The audit has no finding ${fingerprint}; its acknowledgement was ignored.`,
    });
  }
  const acknowledged = [...accepted.values()].flatMap((item) => {
    const finding = all.get(item.fingerprint);
    return finding ? [{ ...item, detector: finding.detector, severity: finding.severity }] : [];
  });
  const waived = (audit?.findings ?? []).flatMap((finding) => {
    const { waived: waiver, fingerprint, detector, severity } = finding;
    if (!waiver || finding.suppressed || !blocks(finding, policy)) return [];
    return [{ fingerprint, detector, severity, reason: waiver.reason, by: waiver.by, waiver: waiver.id }];
  });
  return {
    ...{ decision: blocked ? 'blocked' : 'pass', policy: policy.name, reasons, blocking, acknowledged },
    ...(waived.length > 0 ? { waived } : {}),
  };
}

function blocks(finding: Finding, policy: Policy): boolean {
  return (
    policy.blockSeverities.includes(finding.severity) && policy.blockConfidences.includes(finding.confidence)
  );
}

/** The analyser without which an audit says too little. */
const builtIn = 'slipway';

function auditReasons(
  policy: Policy,
  audit: AuditReport | null,
  problem: string | undefined,
): GateDecision['reasons'] {
  const because = problem === undefined ? '' : `: ${problem}`;
  const need = `The ${policy.name} policy needs a complete audit`;
  const ran = (audit?.tools ?? []).filter(
    (tool) => tool.status !== 'unavailable' && tool.status !== 'not_applicable',
  );
  if (!audit || ran.length === 0)
    return [{ code: 'audit-not-run', message: `${need}, and none ran${because}.` }];
  // A linter alone would open it.
  if (!ran.some(({ tool }) => tool === builtIn))
    return [
      { code: 'audit-not-run', message: `${need}, and the built-in analyser was not among its tools.` },
    ];
  return ran.flatMap(({ tool, status, problems }) => {
    if (status !== 'failed' && status !== 'partial') return [];
    const first = problems[0]?.message ?? problem;
    const code = status === 'failed' ? 'audit-failed' : 'audit-partial';
    const what = status === 'failed' ? 'failed' : 'could only look at a part';
    return [{ code, message: `${need}, and ${tool} ${what}${first === undefined ? '' : `: ${first}`}.` }];
  });
}
