import { fail } from '../actions/errors.ts';
import type { Platform } from '../actions/platform.ts';
import { toStoredError } from '../lib/app-error.ts';
import type { Outcome } from '../queue/finish.ts';
import type { JobHandler } from '../queue/worker.ts';
import type { Diagnostic } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { completeBuild, getBuildRequest } from '../store/builds.ts';
import {
  findCompilation,
  insertCompilation,
  type PackedCompilation,
  packCompilation,
} from '../store/compilations.ts';

/** Compiles a build, or takes its result from the cache. Errors in the source are stored with the build. */
export function compile(platform: Platform): JobHandler {
  return async (job, { signal, log }) => {
    const request = await getBuildRequest(platform.store.read, job.subjectId);
    const prepared = await withReleases(platform.compiler, () => platform.compiler.prepare(request));
    const known = await findCompilation(platform.store.read, prepared.inputHash);
    if (known?.ok) {
      log('info', 'the same input was compiled before', { inputHash: prepared.inputHash });
      return {
        state: 'succeeded',
        write: async (tx) =>
          completeBuild(tx, {
            id: job.subjectId,
            ...known,
            cached: true,
            entry: prepared.entry,
            error: null,
          }),
      };
    }
    const outcome = await platform.compiler.compile(prepared, { signal });
    const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error').length;
    log(outcome.ok ? 'info' : 'error', outcome.ok ? 'compiled' : 'does not compile', {
      compiler: prepared.compiler,
      files: Object.keys(prepared.input.sources).length,
      errors,
      diagnostics: outcome.diagnostics.length,
    });
    return toOutcome(job.subjectId, await packCompilation(platform.store.read, outcome));
  };
}

function toOutcome(buildId: string, packed: PackedCompilation): Outcome {
  const { outcome } = packed;
  const { prepared } = outcome;
  const error = outcome.ok ? null : toStoredError(sourceError('source-not-compilable', outcome.diagnostics));
  const write: Outcome & { state: 'succeeded' } = {
    state: 'succeeded',
    async write(tx) {
      await insertCompilation(tx, packed);
      completeBuild(tx, {
        id: buildId,
        ok: outcome.ok,
        inputHash: prepared.inputHash,
        cached: false,
        entry: prepared.entry,
        chosen: outcome.chosen ?? null,
        error,
      });
    },
  };
  return error ? { ...write, state: 'failed', error } : write;
}

/** The first error of a source, with its place, as the error of a job. */
export function sourceError(code: 'source-not-compilable' | 'audit-incomplete', diagnostics: Diagnostic[]) {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first?.place ? `${first.place.file}:${first.place.line}:${first.place.column}: ` : '';
  return fail(
    code,
    { first: `${where}${first?.message ?? 'the compiler gave no reason'}${more}` },
    first?.place
      ? {
          place: {
            file: first.place.file,
            line: first.place.line,
            column: first.place.column,
            excerpt: first.place.excerpt,
          },
        }
      : {},
  );
}
