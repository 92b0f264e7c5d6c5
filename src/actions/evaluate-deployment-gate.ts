import { evaluateGate } from '../audit/gate.ts';
import { policies, stricterOf } from '../audit/policies.ts';
import type { AuditReport, GateDecision } from '../audit/types.ts';
import type { Network } from '../chain/types.ts';
import { type Audit, getAudit } from '../store/audits.ts';
import type { Reader } from '../store/db.ts';
import type { GateRequest } from '../store/pipelines.ts';
import { fail } from './errors.ts';

/** Decides whether a deployment to `network` may go on. The policy asked for counts only where it is stricter. */
export function evaluateDeploymentGate(input: {
  network: Network | null;
  gate: GateRequest;
  audit: Audit | null;
}): GateDecision {
  const own = policies[input.network?.kind ?? 'local'];
  const policy = input.gate.policy ? stricterOf(own, policies[input.gate.policy]) : own;
  const { audit } = input;
  const ran = audit !== null && audit.status === 'succeeded';
  return evaluateGate({
    policy,
    audit: ran ? toReport(audit) : null,
    ...(audit?.error ? { auditProblem: audit.error.message } : {}),
    acknowledgements: input.gate.acknowledgements,
    // The explicit yes is about real money: a stricter policy asked for elsewhere does not need it.
    confirmed: input.gate.confirmed || input.network?.kind !== 'mainnet',
  });
}

/**
 * The audit that somebody names for the gate. It must have looked at the very build that is to be deployed: an audit
 * of other sources would say nothing about it.
 * @throws AppError `not-found`, `audit-of-another-build`
 */
export async function auditForGate(
  read: Reader,
  named: { ownerId: string; auditId: string; buildId: string },
): Promise<Audit> {
  const audit = await getAudit(read, named.ownerId, named.auditId);
  if (audit.buildId === named.buildId) return audit;
  throw fail(
    'audit-of-another-build',
    { audit: named.auditId, build: named.buildId },
    { place: { pointer: '/auditId' } },
  );
}

function toReport(audit: Audit): AuditReport {
  const counts = audit.counts ?? { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 };
  return { tools: audit.tools, findings: audit.findings, overall: audit.overall, counts };
}
