import { newId } from '../lib/ids.ts';
import type { Tx } from '../store/db.ts';
import { insertOwner, type Tier } from '../store/owners.ts';
import { insertProject } from '../store/projects.ts';
import { insertUser } from '../store/users.ts';
import { fail } from './account-errors.ts';
import { recordAudit } from './perform.ts';
import type { Actor, Role } from './platform.ts';

/** What else a new owner gets, in the transaction that makes it: a development signer, say. */
export type OwnerCreatedHook = (tx: Tx, actor: Actor) => Promise<void>;

/**
 * Writes owner, user and default project together, so that no account lacks one of them.
 * @param account.session id of the session that will be the account's first
 * @throws AppError `email-taken`
 */
export async function createAccount(
  tx: Tx,
  account: {
    email: string | null;
    name: string;
    passwordHash: string | null;
    roles: Role[];
    tier: Tier;
    via: Actor['via'];
    requestId: string;
    onOwnerCreated: readonly OwnerCreatedHook[];
  },
): Promise<Actor> {
  const { email, name, passwordHash, roles, tier, via } = account;
  const [ownerId, userId, projectId] = [newId(), newId(), newId()];
  await insertOwner(tx, { id: ownerId, kind: 'person', name, tier });
  if (!(await insertUser(tx, { id: userId, ownerId, email, name, passwordHash, roles })))
    throw fail('email-taken');
  await insertProject(tx, { id: projectId, ownerId, userId, name: 'Default', isDefault: true });
  const actor: Actor = { ownerId, userId, projectId, roles, scopes: ['*'], tier, via };
  await recordAudit(
    tx,
    { actor, requestId: account.requestId },
    {
      action: 'account.created',
      objectKind: 'user',
      objectId: userId,
      data: { roles, tier },
    },
  );
  for (const hook of account.onOwnerCreated) await hook(tx, actor);
  return actor;
}
