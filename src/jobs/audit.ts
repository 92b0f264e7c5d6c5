import type { Platform } from '../actions/platform.ts';
import { startAnalyser } from '../audit/analyser.ts';
import { proveFindings } from '../audit/proof/prove-findings.ts';
import { startProver } from '../audit/proof/start-prover.ts';
import { runTools } from '../audit/run-tools.ts';
import { summarise } from '../audit/summarise.ts';
import type { AuditReport } from '../audit/types.ts';
import { unitOfOutcome } from '../audit/unit-of-outcome.ts';
import { toStoredError } from '../lib/app-error.ts';
import type { JobHandler } from '../queue/worker.ts';
import { readParts, readPreparedParts } from '../solidity/parts/read-parts.ts';
import { prepareStored } from '../solidity/prepare-stored.ts';
import type { AstOutcome } from '../solidity/types.ts';
import { completeAudit, getAuditRequest } from '../store/audits.ts';
import { getBuildInput } from '../store/builds.ts';
import { sourceError } from './compile.ts';

/**
 * Looks for faults in a build's sources, or in as much of some sources as can be compiled. Where nothing at all can be looked at
 * the audit failed, it is never a pass.
 */
export function audit(platform: Platform): JobHandler {
  const analyser = startAnalyser();
  return async (job, { signal, log }) => {
    const { read } = platform.store;
    const request = await getAuditRequest(read, job.subjectId);
    const { tools: names = ['slipway'], ...subject } = request;
    // What is audited is what was built: compilers and libraries may be others today than they were then.
    const found =
      'buildId' in subject
        ? await readPreparedParts(
            platform.compiler,
            prepareStored(await getBuildInput(read, job.ownerId, subject.buildId)),
            { signal },
          )
        : await readParts(platform.compiler, subject, { signal });
    const { parts, leftOut, diagnostics } = found;
    for (const { file, line, what, reason } of leftOut.slice(0, leftOutLoggedMax))
      log('warn', `${file}:${line}: ${what} was left out`, { reason });
    const own = names.includes('slipway')
      ? await analyser.audit(parts.map(unitOfOutcome), { leftOut, signal })
      : summarise([], []);
    const audited = await runTools(parts, own, { names, leftOut, signal, now, ...platform });
    const report = request.prove ? await prove(platform, audited, { parts, signal }) : audited;
    for (const { tool, status, seconds } of report.tools) {
      log(status === 'failed' ? 'error' : 'info', `${tool}: ${status}`, {
        seconds,
        findings: report.findings.length,
      });
    }
    const error = parts.length > 0 ? null : toStoredError(sourceError('audit-incomplete', diagnostics));
    const write = (tx: Parameters<typeof completeAudit>[0]) =>
      completeAudit(tx, { id: job.subjectId, report, diagnostics, error });
    return error ? { state: 'failed', error, write } : { state: 'succeeded', write };
  };
}

const now = () => performance.now();

/** Foreign code runs in a process that is there for this audit only. */
async function prove(
  { compiler }: Platform,
  report: AuditReport,
  { parts, signal }: { parts: readonly AstOutcome[]; signal: AbortSignal },
): Promise<AuditReport> {
  const prover = startProver(compiler);
  try {
    const compiles = parts.map(({ prepared }) => prepared);
    return await proveFindings(report, { compiler, prover, compiles, signal, now });
  } finally {
    await prover.close();
  }
}

const leftOutLoggedMax = 50;
