import { revokeSession } from '../store/sessions.ts';
import { fail } from './account-errors.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/**
 * Ends the session that the request was made with; its access tokens are refused from the next request on.
 * @throws AppError `session-needed` for an API key
 */
export async function logout(platform: Platform, context: ActionContext): Promise<void> {
  const { via } = context.actor;
  if (via.kind !== 'session') throw fail('session-needed', {});
  await perform(platform, context, async (tx) => {
    if (!(await revokeSession(tx, via.id, 'logout'))) return null;
    await recordAudit(tx, context, { action: 'session.closed', objectKind: 'session', objectId: via.id });
    return null;
  });
}
