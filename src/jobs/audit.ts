import type { Platform } from '../actions/platform.ts';
import { startAnalyser } from '../audit/analyser.ts';
import { unitOfOutcome } from '../audit/unit-of-outcome.ts';
import { toStoredError } from '../lib/app-error.ts';
import type { JobHandler } from '../queue/worker.ts';
import { readParts, readPreparedParts } from '../solidity/parts/read-parts.ts';
import { prepareStored } from '../solidity/prepare-stored.ts';
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
    // What is audited is what was built: compilers and libraries may be others today than they were then.
    const found =
      'buildId' in request
        ? await readPreparedParts(
            platform.compiler,
            prepareStored(await getBuildInput(read, job.ownerId, request.buildId)),
            { signal },
          )
        : await readParts(platform.compiler, request, { signal });
    const { parts, leftOut, diagnostics } = found;
    for (const { file, line, what, reason } of leftOut.slice(0, leftOutLoggedMax))
      log('warn', `${file}:${line}: ${what} was left out`, { reason });
    const report = await analyser.audit(parts.map(unitOfOutcome), { leftOut, signal });
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

const leftOutLoggedMax = 50;
