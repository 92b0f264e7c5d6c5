import { revokeApiKey } from '../store/api-keys.ts';
import { getServiceSetting, lockServiceSettings, setServiceSetting } from '../store/service-settings.ts';
import { getAccount } from '../store/users.ts';
import { toActor } from './authenticate.ts';
import { createAccount, type OwnerCreatedHook } from './create-account.ts';
import { writeApiKey } from './create-api-key.ts';
import type { Actor, Platform } from './platform.ts';

const settingKey = 'local-owner';
const via: Actor['via'] = { kind: 'system', id: 'local-owner' };

interface Remembered {
  userId: string;
  apiKeyId: string;
}

/**
 * Makes the account of whoever runs an embedded installation: operator, unlimited, with no password and one API key.
 *
 * @param options.rotate revoke the key of before and make a new one, because the file that held it is lost
 * @returns the key's text when one was made now (keep it in a file of mode 0600: it is not shown again), else null
 */
export async function ensureLocalOwner(
  platform: Platform,
  options: { onOwnerCreated: readonly OwnerCreatedHook[]; rotate?: boolean },
): Promise<{ actor: Actor; apiKey: string | null }> {
  const requestId = 'local-owner';
  return platform.store.transaction(async (tx) => {
    await lockServiceSettings(tx);
    const known = (await getServiceSetting(tx.sql, settingKey)) as Remembered | undefined;
    if (known && !options.rotate) return { actor: await readActor(), apiKey: null };
    const actor = known
      ? await readActor()
      : await createAccount(tx, {
          email: null,
          name: 'Local owner',
          passwordHash: null,
          roles: ['user', 'operator', 'auditor'],
          tier: 'enterprise',
          via,
          requestId,
          onOwnerCreated: options.onOwnerCreated,
        });
    if (known) await revokeApiKey(tx, actor.ownerId, known.apiKeyId);
    const request = { name: 'This machine', scopes: ['*' as const], expiresInSeconds: null };
    const key = await writeApiKey(platform, tx, { actor, requestId }, request);
    await setServiceSetting(tx, settingKey, { userId: actor.userId, apiKeyId: key.id });
    return { actor, apiKey: key.key };

    async function readActor(): Promise<Actor> {
      return toActor(await getAccount(tx.sql, (known as Remembered).userId), { scopes: ['*'], via });
    }
  });
}
