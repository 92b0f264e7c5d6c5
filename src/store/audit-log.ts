import { newId } from '../lib/ids.ts';
import { json, type Tx } from './db.ts';

/** One line of the log that says who did what to which object. Holds ids, never names or addresses of people. */
export interface AuditLogEntry {
  ownerId: string | null;
  actor: Record<string, unknown>;
  /** Kebab-case noun and verb, such as `api-key-created`. */
  action: string;
  objectKind?: string;
  objectId?: string;
  requestId: string | null;
  data?: Record<string, unknown>;
}

/** Appends in the transaction of the change; the application's role cannot alter or remove a line. */
export async function appendAuditLog(tx: Tx, entry: AuditLogEntry): Promise<void> {
  await tx.sql
    .insertInto('audit_log')
    .values({
      id: newId(),
      owner_id: entry.ownerId,
      actor: json(entry.actor),
      action: entry.action,
      object_kind: entry.objectKind ?? null,
      object_id: entry.objectId ?? null,
      request_id: entry.requestId,
      data: json(entry.data ?? {}),
    })
    .execute();
}
