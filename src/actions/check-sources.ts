import { limits } from '../lib/limits.ts';
import type { CheckOutcome, CompileRequest } from '../solidity/types.ts';
import { withReleases } from '../solidity/with-releases.ts';
import { fail } from './errors.ts';
import type { ActionContext, Platform } from './platform.ts';

/** The checks of each owner that are under way in this process, the oldest first. */
const underWay = new WeakMap<Platform, Map<string, AbortController[]>>();

/**
 * What an editor asks with every pause of typing: the compiler's errors and warnings, no code, no rows. An owner has at
 * most `limits.checksInFlightMax` under way; one more ends the oldest, as its text is out of date by then.
 *
 * @param options.signal the caller's, who may have gone
 * @throws AppError `check-superseded`, and those of `Compiler.prepare` and `Compiler.check`
 */
export async function checkSources(
  platform: Platform,
  context: ActionContext,
  request: CompileRequest,
  options: { signal: AbortSignal },
): Promise<CheckOutcome> {
  const { ownerId } = context.actor;
  const owners = underWay.get(platform) ?? new Map<string, AbortController[]>();
  underWay.set(platform, owners);
  const own = new AbortController();
  const all = [...(owners.get(ownerId) ?? []), own];
  for (const outdated of all.splice(0, all.length - limits.checksInFlightMax)) {
    outdated.abort(fail('check-superseded'));
  }
  owners.set(ownerId, all);
  const abandon = () => own.abort(fail('check-superseded'));
  options.signal.addEventListener('abort', abandon, { once: true });
  if (options.signal.aborted) abandon();
  const { signal } = own;
  try {
    return await withReleases(platform.compiler, () => {
      const { contract: _, ...wanted } = request;
      return platform.compiler.check(platform.compiler.prepare(wanted), { signal });
    });
  } finally {
    options.signal.removeEventListener('abort', abandon);
    const left = (owners.get(ownerId) ?? []).filter((one) => one !== own);
    if (left.length > 0) owners.set(ownerId, left);
    else owners.delete(ownerId);
  }
}
