import pc from 'picocolors';
import type { Finding, GateDecision } from '../audit/types.ts';
import type { Io } from './command.ts';
import { type DeploymentView, printDeployment } from './print-deployment.ts';
import { printFinding } from './print-findings.ts';

/** The part of the pipeline's reply that the report is made of. */
interface PipelineView {
  id: string;
  state: string;
  error: {
    code: string;
    message: string;
    hint: string;
    place?: { file?: string | undefined; excerpt?: string | undefined } | undefined;
    issues?: { pointer: string; message: string }[] | undefined;
    data?: Record<string, unknown> | undefined;
  } | null;
  stages: { name: string; state: string }[];
  result: {
    generation: { result: GenerationResult | null } | null;
    build: { id: string; compiler: string | null; contract: { file: string; name: string } | null } | null;
    audit: {
      id: string;
      overall: string | null;
      tools: { tool: string; version: string; status: string; seconds: number }[];
      findings: unknown[];
    } | null;
    deployment: (DeploymentView & { gate: unknown }) | null;
  };
}

interface GenerationResult {
  template: string;
  options: Record<string, unknown>;
  understood: { option: string; value?: unknown; text: string }[];
  assumed: { option: string; value?: unknown; reason: string }[];
  notUnderstood: { text: string; hint: string }[];
}

/** What `slipway ship --json` prints: the whole story of one run in one object. */
export function shipReport(pipeline: PipelineView) {
  const { generation, build, audit, deployment } = pipeline.result;
  const generated = generation?.result ?? null;
  return {
    pipelineId: pipeline.id,
    state: pipeline.state,
    stages: pipeline.stages.map(({ name, state }) => ({ name, state })),
    template: generated?.template ?? null,
    options: generated?.options ?? null,
    understood: generated?.understood ?? [],
    assumed: generated?.assumed ?? [],
    notUnderstood: generated?.notUnderstood ?? [],
    buildId: build?.id ?? null,
    compiler: build?.compiler ?? null,
    contract: build?.contract?.name ?? null,
    auditId: audit?.id ?? null,
    tools: audit?.tools ?? [],
    overall: audit?.overall ?? null,
    findings: (audit?.findings ?? []) as Finding[],
    gate:
      (pipeline.error?.data?.['gate'] as GateDecision | undefined) ??
      (deployment?.gate as GateDecision | null | undefined) ??
      null,
    deployment,
    error: pipeline.error,
  };
}

export type ShipReport = ReturnType<typeof shipReport>;

/** The same for people. */
export function printShipReport(io: Io, report: ShipReport): void {
  const say = (text = '') => io.stdout.write(`${text}\n`);
  if (report.template) {
    say(`${pc.bold('Template')}  ${report.template}`);
    for (const { option, value, text } of report.understood) {
      say(`  understood  ${option} = ${JSON.stringify(value)}  ${pc.dim(`“${text}”`)}`);
    }
    for (const { option, value, reason } of report.assumed) {
      say(`  assumed     ${option} = ${JSON.stringify(value)}  ${pc.dim(reason)}`);
    }
    for (const { text, hint } of report.notUnderstood) {
      say(pc.yellow(`  not understood  “${text}”: ${hint}`));
    }
  }
  if (report.buildId)
    say(
      `${pc.bold('Build')}     ${report.buildId}  ${report.contract ?? ''}  ${pc.dim(report.compiler ?? '')}`,
    );
  for (const tool of report.tools)
    say(`${pc.bold('Audit')}     ${tool.tool} ${tool.version}: ${tool.status}`);
  const shown = report.gate?.blocking ?? report.findings;
  for (const finding of shown) printFinding(io, finding);
  if (report.deployment) printDeployment(io, report.deployment);
  if (report.error) printStop(say, report);
}

function printStop(say: (text?: string) => void, report: ShipReport): void {
  const { error, gate } = report;
  if (!error) return;
  say(`${pc.red('Stopped')}   ${pc.dim(error.code)} ${error.message}`);
  for (const line of error.place?.excerpt?.split('\n') ?? []) say(`  ${line}`);
  for (const { pointer, message } of error.issues ?? []) say(`  ${pointer}: ${message}`);
  const fingerprints = gate?.blocking.map((finding) => finding.fingerprint) ?? [];
  if (fingerprints.length > 0) {
    say('  Fix what is named above, or let it pass for this deployment only:');
    say(`  --acknowledge ${fingerprints.join(' ')} --reason "why it is acceptable"`);
  } else if (error.hint) {
    say(`  ${error.hint}`);
  }
}
