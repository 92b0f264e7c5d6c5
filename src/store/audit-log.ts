import { newId } from '../lib/ids.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
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
  const { ownerId, actor, action, objectKind = null, objectId = null, requestId, data = {} } = entry;
  const text = `insert into audit_log (id, owner_id, actor, action, object_kind, object_id, request_id, data)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`;
  const values = [newId(), ownerId, json(actor), action, objectKind, objectId, requestId, json(data)];
  // The commit waits for it; nobody else has to.
  tx.send(bound(text, values));
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
