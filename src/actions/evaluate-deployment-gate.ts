import { evaluateGate } from '../audit/gate.ts';
import { policies, stricterOf } from '../audit/policies.ts';
import type { AuditReport, GateDecision } from '../audit/types.ts';
import type { Network } from '../chain/types.ts';
import type { Audit } from '../store/audits.ts';
import type { GateRequest } from '../store/pipelines.ts';

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

function toReport(audit: Audit): AuditReport {
  const counts = audit.counts ?? { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 };
  return { tools: audit.tools, findings: audit.findings, overall: audit.overall, counts };
}
