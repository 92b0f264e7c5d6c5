import type { Platform } from '../actions/platform.ts';
import { runAudit } from '../audit/run-audit.ts';
import type { AuditReport } from '../audit/types.ts';
import { toStoredError } from '../lib/app-error.ts';
import type { JobHandler } from '../queue/worker.ts';
import { prepareStored } from '../solidity/prepare-stored.ts';
import type { AstOutcome } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { completeAudit, getAuditRequest } from '../store/audits.ts';
import { getBuildInput } from '../store/builds.ts';
import { sourceError } from './compile.ts';

/** Looks for faults in a build's sources. A source that does not compile is an audit that failed, never a pass. */
export function audit(platform: Platform): JobHandler {
  return async (job, { signal, log }) => {
    const { read } = platform.store;
    const request = await getAuditRequest(read, job.subjectId);
    // What is audited is what was built: compilers and libraries may be others today than they were then.
    const prepared =
      'buildId' in request
        ? prepareStored(await getBuildInput(read, job.ownerId, request.buildId))
        : await withReleases(platform.compiler, () => platform.compiler.prepare(request));
    const outcome = await platform.compiler.ast(prepared, { signal });
    const report = outcome.ok ? analyse(outcome) : notRun(outcome);
    for (const { tool, status, seconds } of report.tools) {
      log(status === 'failed' ? 'error' : 'info', `${tool}: ${status}`, {
        seconds,
        findings: report.findings.length,
      });
    }
    const error = outcome.ok ? null : toStoredError(sourceError('audit-incomplete', outcome.diagnostics));
    const write = (tx: Parameters<typeof completeAudit>[0]) =>
      completeAudit(tx, { id: job.subjectId, report, diagnostics: outcome.diagnostics, error });
    return error ? { state: 'failed', error, write } : { state: 'succeeded', write };
  };
}

function analyse({ prepared, asts }: AstOutcome): AuditReport {
  const sources = Object.fromEntries(
    Object.entries(prepared.input.sources).map(([file, source]) => [file, source.content]),
  );
  return runAudit(
    { compiler: prepared.compiler, sources, asts, ownFiles: prepared.ownFiles },
    { now: () => performance.now() },
  );
}

function notRun(outcome: AstOutcome): AuditReport {
  const [first] = outcome.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const message = first?.message ?? 'the sources do not compile';
  return {
    tools: [
      {
        tool: 'slipway',
        version: 'builtin',
        status: 'failed',
        seconds: 0,
        problems: [{ message }],
        detectors: [],
      },
    ],
    findings: [],
    overall: null,
    counts: { critical: 0, high: 0, medium: 0, low: 0, info: 0, gas: 0 },
  };
}
