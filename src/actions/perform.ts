import { limits } from '../lib/limits.ts';
import { appendAuditLog } from '../store/audit-log.ts';
import type { Tx } from '../store/db.ts';
import { type KeyLife, storeIdempotentResult, takeIdempotencyKey } from '../store/idempotency-keys.ts';
import { fail } from './account-errors.ts';
import type { ActionContext, Platform } from './platform.ts';
import { openBox, type SealedBox, sealBox } from './sealed-box.ts';

/** How a result is kept beside its key. */
export interface Keeping<Result> {
  /** It holds a secret that is shown once: it is stored sealed. */
  secret?: boolean;
  /** Stores less than the whole where that can be read again unchanged. */
  brief?: { of(result: Result): unknown; read(tx: Tx, kept: unknown): Promise<Result> };
  /** What the key lives as long as, where that is more than its usual time. */
  life?(result: Result): KeyLife;
}

/**
 * The transaction boundary of every action that creates something. With an Idempotency-Key, the key, the rows and
 * the result are committed together: an equal request later gets the first result, an equal request at the same
 * time waits for it. The result is what the caller is shown, read inside the transaction, so that a repeat gets the
 * very bytes of the first reply and not what has become of the work since.
 *
 * @param work writes rows and enqueues; its result must be plain JSON, because that is what a repeat gets
 * @throws AppError `idempotency-in-progress`, `idempotency-key-reused`, `database-unavailable`; whatever `work` throws
 */
export async function perform<Result>(
  platform: Pick<Platform, 'store' | 'keyEncryptionKey'>,
  context: ActionContext,
  work: (tx: Tx) => Promise<Result>,
  keeping: Keeping<Result> = {},
): Promise<Result> {
  const { actor, idempotency } = context;
  if (!idempotency) return platform.store.transaction(work);
  const request = { ownerId: actor.ownerId, ...idempotency };
  const kek = platform.keyEncryptionKey;
  const purpose = `idempotent-result:${actor.ownerId}`;
  return platform.store.transaction(async (tx) => {
    const key = await takeIdempotencyKey(tx, request, limits.idempotencyWaitSeconds);
    // A lock timeout has lost the transaction already; throwing rolls it back.
    if (key.kind === 'busy') throw fail('idempotency-in-progress', {}, { retryAfterSeconds: 1 });
    if (key.kind === 'known') {
      if (key.bodyHash !== request.bodyHash) throw fail('idempotency-key-reused', { key: request.key });
      const text = keeping.secret
        ? openBox(kek, JSON.parse(key.result) as SealedBox, purpose).toString()
        : key.result;
      const kept: unknown = JSON.parse(text);
      return keeping.brief ? keeping.brief.read(tx, kept) : (kept as Result);
    }
    const result = await work(tx);
    const text = JSON.stringify((keeping.brief ? keeping.brief.of(result) : result) ?? null);
    const stored = keeping.secret ? JSON.stringify(sealBox(kek, Buffer.from(text), purpose)) : text;
    storeIdempotentResult(tx, request, { result: stored, ...keeping.life?.(result) });
    return result;
  });
}

/**
 * Writes who did what into the audit log, in the transaction of the change.
 * @param entry.data facts about the change: ids and settings, no secrets and no personal data
 */
export async function recordAudit(
  tx: Tx,
  context: Pick<ActionContext, 'actor' | 'requestId'>,
  entry: { action: string; objectKind: string; objectId: string; data?: Record<string, unknown> },
): Promise<void> {
  const { actor, requestId } = context;
  await appendAuditLog(tx, {
    ...entry,
    ownerId: actor.ownerId,
    actor: { userId: actor.userId, via: actor.via },
    requestId,
  });
}
