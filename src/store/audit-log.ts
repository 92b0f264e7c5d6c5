import { newId } from '../lib/ids.ts';
import { json, type Reader, type Tx } from './db.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';

/** One line of the log that says who did what to which object. Holds ids, never names or addresses of people. */
export interface AuditLogEntry {
  ownerId: string | null;
  actor: Record<string, unknown>;
  /** Noun and verb in the past, such as `api-key.created`. */
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

/** A line of the log as its owner reads it. */
export interface AuditLogLine {
  id: string;
  at: string;
  actor: Record<string, unknown>;
  action: string;
  objectKind: string | null;
  objectId: string | null;
  requestId: string | null;
  data: Record<string, unknown>;
}

/** What was done in the owner's name, newest first. */
export async function listAuditLog(
  read: Reader,
  ownerId: string,
  request: PageRequest & { action?: string | undefined; objectId?: string | undefined },
): Promise<Page<AuditLogLine>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('audit_log')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(request.action !== undefined, (query) => query.where('action', '=', request.action as string))
    .$if(request.objectId !== undefined, (query) => query.where('object_id', '=', request.objectId as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (row) => ({
    id: row.id,
    at: row.at.toISOString(),
    actor: row.actor as Record<string, unknown>,
    action: row.action,
    objectKind: row.object_kind,
    objectId: row.object_id,
    requestId: row.request_id,
    data: row.data as Record<string, unknown>,
  }));
}
