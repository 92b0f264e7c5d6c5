import { revokeApiKey as revoke } from '../store/api-keys.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/** Ends an API key; it is refused from the next request on. @throws AppError `not-found` */
export async function revokeApiKey(platform: Platform, context: ActionContext, id: string): Promise<void> {
  await perform(platform, context, async (tx) => {
    if (!(await revoke(tx, context.actor.ownerId, id))) return null;
    await recordAudit(tx, context, { action: 'api-key.revoked', objectKind: 'api-key', objectId: id });
    return null;
  });
}
