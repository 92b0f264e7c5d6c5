import type { Finding } from '../audit/types.ts';
import type { Reader } from './db.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import { markWaived } from './waivers.ts';

/** A finding of one audit, by an id of its own. */
export type StoredFinding = Finding & { id: string; auditId: string };

/** Findings of an owner's audits, the newest audit's first; the same fault has one in each audit that found it. */
export async function listFindings(
  read: Reader,
  ownerId: string,
  request: PageRequest & {
    auditId?: string | undefined;
    fingerprint?: string | undefined;
    severity?: string | undefined;
  },
): Promise<Page<StoredFinding>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('findings')
    .select(['id', 'audit_id', 'project_id', 'finding'])
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(request.auditId !== undefined, (query) => query.where('audit_id', '=', request.auditId as string))
    .$if(request.fingerprint !== undefined, (query) =>
      query.where('fingerprint', '=', request.fingerprint as string),
    )
    .$if(request.severity !== undefined, (query) => query.where('severity', '=', request.severity as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = toPage(rows, limit, (row) => row);
  const marked = new Map<string, StoredFinding>();
  for (const [projectId, group] of Map.groupBy(page.items, (row) => row.project_id)) {
    const found = group.map(
      (row): StoredFinding => ({ ...(row.finding as Finding), id: row.id, auditId: row.audit_id }),
    );
    for (const finding of await markWaived(read, projectId, found)) marked.set(finding.id, finding);
  }
  return { ...page, items: page.items.flatMap(({ id }) => marked.get(id) ?? []) };
}
