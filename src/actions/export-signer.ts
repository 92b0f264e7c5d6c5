import { custodyOf } from '../chain/signers/index.ts';
import type { Hex } from '../chain/types.ts';
import { fail as missing } from '../store/errors.ts';
import { findStoredKey } from '../store/signers.ts';
import { findPasswordHash } from '../store/users.ts';
import { custodyParts } from './create-signer.ts';
import { fail } from './errors.ts';
import { verifyPassword } from './passwords.ts';
import { perform, recordAudit } from './perform.ts';
import type { ActionContext, Platform } from './platform.ts';

/** What the platform has of a key, and what its owner says to show that it is really meant. */
export interface ExportRequest {
  id: string;
  /** The signer's name, typed. */
  name: string;
  /** Of the account; needed where it has one, whatever the credential of the request is. */
  password?: string | undefined;
}

/**
 * Gives a private key to its owner, who says twice that it is meant: by the signer's name and by the password of the
 * account. What was refused is in the audit log like what was given.
 *
 * @throws AppError `not-found`, `export-not-confirmed`, `password-wrong`, `signer-not-exportable`
 */
export async function exportSigner(
  platform: Platform,
  context: ActionContext,
  request: ExportRequest,
): Promise<{ id: string; address: Hex; privateKey: Hex }> {
  const { ownerId, userId } = context.actor;
  const { read } = platform.store;
  const found = await findStoredKey(read, ownerId, request.id);
  if (!found) throw missing('not-found', { what: 'signer', id: request.id });
  const { name, kind, storedKey } = found;
  const log = (action: string) => ({
    action,
    objectKind: 'signer',
    objectId: request.id,
    data: { name, kind },
  });
  if (request.name !== name) {
    throw fail('export-not-confirmed', { name }, { place: { pointer: '/name' } });
  }
  const hash = await findPasswordHash(read, userId);
  if (hash !== null && !(await verifyPassword(hash, request.password ?? ''))) {
    await platform.store.transaction((tx) => recordAudit(tx, context, log('signer.export-refused')));
    throw fail('password-wrong', {}, { place: { pointer: '/password' } });
  }
  const { reveal } = custodyOf(kind);
  if (!reveal) throw fail('signer-not-exportable', { name, kind });
  const give = async () => ({
    ...{ id: request.id, address: storedKey.address },
    privateKey: reveal(storedKey, custodyParts(platform)),
  });
  return perform(
    platform,
    context,
    async (tx) => {
      await recordAudit(tx, context, log('signer.exported'));
      return give();
    },
    { secret: true },
  );
}
