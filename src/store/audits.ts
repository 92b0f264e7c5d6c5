import type { Selectable } from 'kysely';
import type { ToolName } from '../audit/tools/types.ts';
import {
  type AuditReport,
  type Finding,
  type Severity,
  severities,
  type ToolReport,
} from '../audit/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import type { CompileRequest, Diagnostic } from '../solidity/types.ts';
import { getBuildInput } from './builds.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import type { NewRow } from './new-row.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { AuditsTable } from './schema.ts';
import { readSources } from './source-sets.ts';
import { countWaived, markWaived } from './waivers.ts';

export interface AuditSummary {
  id: string;
  status: 'pending' | 'succeeded' | 'failed';
  buildId: string | null;
  /** The highest severity that is neither suppressed nor waived; null when there is none, or before the audit has run. */
  overall: Severity | null;
  counts: Record<Severity, number> | null;
  tools: ToolReport[];
  error: StoredError | null;
  createdAt: string;
  completedAt: string | null;
}

export interface Audit extends AuditSummary {
  diagnostics: Diagnostic[];
  findings: Finding[];
}

/** What is audited: a finished build, or sources; and by which analysers, the built-in one where it does not say. */
export type AuditRequest = ({ buildId: string } | CompileRequest) & {
  tools?: ToolName[];
  /** Whether findings are to be shown by execution where that can be done. */
  prove?: boolean;
};

/** @param audit.sourcesHash of the request's sources, from `keepSources`; null where it has none */
export function newAudit(
  audit: Ownership & { id: string; request: AuditRequest; sourcesHash: string | null },
): NewRow {
  const { id, ownerId, userId, projectId, sourcesHash } = audit;
  const buildId = 'buildId' in audit.request ? audit.request.buildId : null;
  const { sources: _, ...request } = { sources: undefined, ...audit.request };
  return {
    id,
    text: `insert into audits (id, owner_id, created_by, project_id, build_id, request, sources_hash)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [id, ownerId, userId, projectId, buildId, json(request), sourcesHash],
    toView: (createdAt): Audit => ({
      id,
      status: 'pending',
      buildId,
      overall: null,
      counts: null,
      tools: [],
      error: null,
      createdAt: createdAt.toISOString(),
      completedAt: null,
      diagnostics: [],
      findings: [],
    }),
  };
}

export async function completeAudit(
  tx: Tx,
  audit: { id: string; report: AuditReport; diagnostics: Diagnostic[]; error: StoredError | null },
): Promise<void> {
  const row = await tx.sql
    .updateTable('audits')
    .set({
      status: audit.error ? 'failed' : 'succeeded',
      overall: audit.report.overall,
      counts: json(audit.report.counts),
      tools: json(audit.report.tools),
      diagnostics: json(audit.diagnostics),
      error: audit.error ? json(audit.error) : null,
      completed_at: new Date(),
    })
    .where('id', '=', audit.id)
    .returning(['owner_id', 'project_id'])
    .executeTakeFirstOrThrow();
  if (audit.report.findings.length === 0) return;
  await tx.sql
    .insertInto('findings')
    .values(
      audit.report.findings.map((finding) => ({
        id: newId(),
        audit_id: audit.id,
        owner_id: row.owner_id,
        project_id: row.project_id,
        fingerprint: finding.fingerprint,
        detector: finding.detector,
        severity: finding.severity,
        confidence: finding.confidence,
        file: finding.location.file,
        line: finding.location.line,
        suppressed: finding.suppressed !== undefined,
        finding: json(finding),
      })),
    )
    .execute();
}

/** @throws AppError `not-found`, for a stranger's audit too */
export async function getAudit(read: Reader, ownerId: string, id: string): Promise<Audit> {
  const row = await read
    .selectFrom('audits')
    .select([...shownColumns, 'project_id', 'diagnostics'])
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'audit', id });
  const findings = await read
    .selectFrom('findings')
    .select('finding')
    .where('audit_id', '=', id)
    .orderBy('id')
    .execute();
  const summary = toSummary(row);
  const found = findings.map(({ finding }) => finding as Finding);
  const marked = await markWaived(read, row.project_id, found);
  return {
    ...summary,
    ...withoutWaived(
      summary,
      marked.flatMap(({ waived, suppressed, severity }) => (waived && !suppressed ? severity : [])),
    ),
    diagnostics: (row.diagnostics as Diagnostic[] | null) ?? [],
    findings: marked,
  };
}

/** What an audit comes to without the findings that were open when it ran and are waived now. */
function withoutWaived(
  { overall, counts }: Pick<AuditSummary, 'overall' | 'counts'>,
  waived: readonly Severity[],
): Pick<AuditSummary, 'overall' | 'counts'> {
  if (counts === null || waived.length === 0) return { overall, counts };
  const left = { ...counts };
  for (const severity of waived) left[severity]--;
  return { overall: severities.find((severity) => left[severity] > 0) ?? null, counts: left };
}

/**
 * The texts that an audit looked at, by file.
 * @throws AppError `not-found`, `stored-content-damaged`
 */
export async function getAuditSources(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<Record<string, string>> {
  const request = await getAuditRequest(read, id);
  if (!('buildId' in request)) return request.sources;
  const { input } = await getBuildInput(read, ownerId, request.buildId);
  return Object.fromEntries(Object.entries(input.sources).map(([file, { content }]) => [file, content]));
}

/** What the audit job reads. */
export async function getAuditRequest(read: Reader, id: string): Promise<AuditRequest> {
  const row = await read
    .selectFrom('audits')
    .select(['request', 'sources_hash'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'audit', id }));
  if (row.sources_hash === null) return row.request as { buildId: string; tools?: ToolName[] };
  const request = row.request as Omit<CompileRequest, 'sources'> & { tools?: ToolName[] };
  return { ...request, sources: await readSources(read, row.sources_hash) };
}

/** The newest finished audit of a build; null when there is none. */
export async function latestAuditOf(read: Reader, ownerId: string, buildId: string): Promise<Audit | null> {
  const row = await read
    .selectFrom('audits')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('build_id', '=', buildId)
    .where('status', '<>', 'pending')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? getAudit(read, ownerId, row.id) : null;
}

export async function listAudits(
  read: Reader,
  ownerId: string,
  request: PageRequest,
): Promise<Page<AuditSummary>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('audits')
    .select([...shownColumns, 'project_id'])
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const audits = rows.map((row) => ({ id: row.id, projectId: row.project_id }));
  const waived = await countWaived(read, audits);
  return toPage(rows, limit, (row) => {
    const summary = toSummary(row);
    return { ...summary, ...withoutWaived(summary, waived.get(row.id) ?? []) };
  });
}

const shownColumns = [
  'id',
  'status',
  'build_id',
  'overall',
  'counts',
  'tools',
  'error',
  'created_at',
  'completed_at',
] as const;

type ShownRow = Pick<Selectable<AuditsTable>, (typeof shownColumns)[number]>;

function toSummary(row: ShownRow): AuditSummary {
  return {
    id: row.id,
    status: row.status as AuditSummary['status'],
    buildId: row.build_id,
    overall: row.overall as Severity | null,
    counts: row.counts as AuditSummary['counts'],
    tools: row.tools as ToolReport[],
    error: row.error as StoredError | null,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}
