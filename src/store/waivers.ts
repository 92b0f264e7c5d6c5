import { type Selectable, sql } from 'kysely';
import { isAtLeast } from '../audit/open-findings.ts';
import type { Finding, Severity } from '../audit/types.ts';
import { newId } from '../lib/ids.ts';
import type { Reader, Tx } from './db.ts';
import { fail } from './errors.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { WaiversTable } from './schema.ts';

/** A fingerprint that somebody accepts in a project. */
export interface Waiver {
  id: string;
  projectId: string;
  fingerprint: string;
  detector: string;
  /** As it was when it was accepted; a finding that has become worse is not covered. */
  severity: Severity;
  file: string;
  line: number;
  reason: string;
  /** Id of the user. */
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  removedAt: string | null;
  /** Whether it counts at the moment. */
  active: boolean;
}

/** What a waiver is made of. */
export type WaivedFinding = Pick<
  Waiver,
  'projectId' | 'fingerprint' | 'detector' | 'severity' | 'file' | 'line'
>;

/** @throws AppError `not-found`, for a stranger's finding too */
export async function getFindingToWaive(read: Reader, ownerId: string, id: string): Promise<WaivedFinding> {
  const row = await read
    .selectFrom('findings')
    .select(['project_id', 'fingerprint', 'detector', 'severity', 'file', 'line'])
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'finding', id });
  const { project_id: projectId, severity, ...rest } = row;
  return { projectId, severity: severity as Severity, ...rest };
}

/** Takes the place of the waiver that the fingerprint may have. Others of the project wait until the transaction ends. */
export async function insertWaiver(
  tx: Tx,
  waiver: WaivedFinding & { ownerId: string; userId: string; reason: string; expiresAt: Date | null },
): Promise<Waiver> {
  const { projectId, fingerprint, userId } = waiver;
  await tx.sql.selectFrom('projects').select('id').where('id', '=', projectId).forNoKeyUpdate().execute();
  await endStanding(tx, { projectId, fingerprint, userId });
  const row = await tx.sql
    .insertInto('waivers')
    .values({
      id: newId(),
      owner_id: waiver.ownerId,
      created_by: userId,
      project_id: projectId,
      fingerprint,
      detector: waiver.detector,
      severity: waiver.severity,
      file: waiver.file,
      line: waiver.line,
      reason: waiver.reason,
      expires_at: waiver.expiresAt,
    })
    .returning(shown)
    .executeTakeFirstOrThrow();
  return toWaiver(row);
}

/** Ends the waiver that stands for a fingerprint. @returns its id, undefined where none stands */
export async function endStanding(
  tx: Tx,
  { projectId, fingerprint, userId }: { projectId: string; fingerprint: string; userId: string },
): Promise<string | undefined> {
  const row = await tx.sql
    .updateTable('waivers')
    .set({ removed_at: sql<Date>`now()`, removed_by: userId })
    .where('project_id', '=', projectId)
    .where('fingerprint', '=', fingerprint)
    .where('removed_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Ends one by its id. @throws AppError `not-found`, for a stranger's and for one that was ended already */
export async function endWaiver(
  tx: Tx,
  { id, ownerId, userId }: { id: string; ownerId: string; userId: string },
): Promise<{ fingerprint: string }> {
  const row = await tx.sql
    .updateTable('waivers')
    .set({ removed_at: sql<Date>`now()`, removed_by: userId })
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .where('removed_at', 'is', null)
    .returning('fingerprint')
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'waiver', id });
  return row;
}

/** Newest first, those that ended too. */
export async function listWaivers(
  read: Reader,
  ownerId: string,
  request: PageRequest & { fingerprint?: string | undefined },
): Promise<Page<Waiver>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('waivers')
    .select(shown)
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(request.fingerprint !== undefined, (query) =>
      query.where('fingerprint', '=', request.fingerprint as string),
    )
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toWaiver);
}

/** The waivers that count at the moment, of some projects. */
async function activeWaivers(read: Reader, projectIds: readonly string[]): Promise<Waiver[]> {
  if (projectIds.length === 0) return [];
  const rows = await read
    .selectFrom('waivers')
    .select(shown)
    .where('project_id', 'in', [...projectIds])
    .where('removed_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', sql<Date>`now()`)]))
    .execute();
  return rows.map(toWaiver);
}

/** Marks the findings of a project that somebody accepts at the moment. */
export async function markWaived<Found extends Finding>(
  read: Reader,
  projectId: string,
  findings: readonly Found[],
): Promise<Found[]> {
  if (findings.length === 0) return [];
  const waivers = new Map((await activeWaivers(read, [projectId])).map((one) => [one.fingerprint, one]));
  return findings.map((finding) => {
    const waiver = waivers.get(finding.fingerprint);
    if (!waiver || !covers(waiver, finding.severity)) return finding;
    const { id, reason, createdBy: by, createdAt: at, expiresAt } = waiver;
    return { ...finding, waived: { id, reason, by, at, expiresAt } };
  });
}

/** Of some audits, how many open findings of each severity are waived at the moment. */
export async function countWaived(
  read: Reader,
  audits: readonly { id: string; projectId: string }[],
): Promise<Map<string, Severity[]>> {
  const waivers = await activeWaivers(read, [...new Set(audits.map(({ projectId }) => projectId))]);
  const counted = new Map<string, Severity[]>();
  if (waivers.length === 0) return counted;
  const rows = await read
    .selectFrom('findings')
    .select(['audit_id', 'project_id', 'fingerprint', 'severity'])
    .where(
      'audit_id',
      'in',
      audits.map(({ id }) => id),
    )
    .where(
      'fingerprint',
      'in',
      waivers.map(({ fingerprint }) => fingerprint),
    )
    .where('suppressed', '=', false)
    .execute();
  for (const row of rows) {
    const severity = row.severity as Severity;
    const isWaived = waivers.some(
      (one) =>
        one.projectId === row.project_id && one.fingerprint === row.fingerprint && covers(one, severity),
    );
    if (isWaived) counted.set(row.audit_id, [...(counted.get(row.audit_id) ?? []), severity]);
  }
  return counted;
}

function covers(waiver: Waiver, severity: Severity): boolean {
  return isAtLeast(waiver.severity, severity);
}

const shown = [
  'id',
  'project_id',
  'fingerprint',
  'detector',
  'severity',
  'file',
  'line',
  'reason',
  'created_by',
  'created_at',
  'expires_at',
  'removed_at',
  sql<boolean>`removed_at is null and (expires_at is null or expires_at > now())`.as('active'),
] as const;

type ShownRow = Pick<
  Selectable<WaiversTable>,
  | 'id'
  | 'project_id'
  | 'fingerprint'
  | 'detector'
  | 'severity'
  | 'file'
  | 'line'
  | 'reason'
  | 'created_by'
  | 'created_at'
  | 'expires_at'
  | 'removed_at'
> & { active: boolean };

function toWaiver(row: ShownRow): Waiver {
  const { id, fingerprint, detector, file, line, reason, active } = row;
  return {
    ...{ id, projectId: row.project_id, fingerprint, detector, severity: row.severity as Severity },
    ...{ file, line, reason, createdBy: row.created_by, createdAt: row.created_at.toISOString() },
    expiresAt: row.expires_at?.toISOString() ?? null,
    removedAt: row.removed_at?.toISOString() ?? null,
    active,
  };
}
