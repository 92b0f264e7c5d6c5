import { zstdDecompressSync } from 'node:zlib';
import { ask } from './ask.ts';
import type { LedgerEntry, Query } from './job-ledger.ts';
import { readLedger } from './job-ledger.ts';
import type { AcceptedJob } from './job-poster.ts';
import { markerPattern } from './jobs-workload.ts';

/** What the API says of a job, as far as the proof looks into it. */
export interface ToldJob {
  id: string;
  state: string;
  seq: number;
  error: { code: string; message: string } | null;
  result: {
    generation: { status: string; result: { sources: Record<string, string> } | null } | null;
    build: { status: string; artifacts: { contract: string }[] } | null;
  };
}

/** Everything that is known of one job. */
export interface JobFacts {
  job: AcceptedJob;
  /** Null when the API knows nothing of it. */
  told: ToldJob | null;
  /** Null when the ledger does not. */
  ledger: LedgerEntry | null;
  /** Ids of the jobs whose subject carries its marker. */
  jobIds: readonly string[];
  /** Its event log, in order. */
  events: readonly { seq: number; type: string }[];
}

/** What is to be said of a job. A `text` makes it a fault. */
export interface JobFinding {
  kind: 'done' | 'lost' | 'gone' | 'duplicated' | 'stuck' | 'untrue' | 'gap';
  text?: string;
}

export interface JobsVerdict {
  finished: number;
  lost: number;
  duplicated: number;
  stuck: number;
  untrue: number;
  eventGaps: number;
  /** One sentence for each thing that is not as it should be. */
  faults: string[];
}

const terminal = ['succeeded', 'failed', 'cancelled'];
const readersMax = 8;

/** Compares what was asked for, what the API says, what the ledger counted and what stands in the event log. */
export async function judgeJobs(options: {
  url: string;
  key: string;
  query: Query;
  accepted: readonly AcceptedJob[];
}): Promise<JobsVerdict> {
  const { url, key, query, accepted } = options;
  const [ledger, jobIds, events] = [
    await readLedger(query),
    await readJobIds(query),
    await readEventLogs(query),
  ];
  const findings: JobFinding[] = [];
  const waiting = [...accepted];
  async function judgeOn(): Promise<void> {
    for (let job = waiting.pop(); job; job = waiting.pop()) {
      const facts = {
        job,
        told: await readJob(url, key, job.id),
        ledger: ledger.get(job.id) ?? null,
        jobIds: jobIds.get(job.marker) ?? [],
        events: events.get(job.id) ?? [],
      };
      findings.push(...judgeJob(facts));
    }
  }
  await Promise.all(Array.from({ length: readersMax }, judgeOn));
  return toVerdict(accepted, [...findings, ...findStrangers(accepted, jobIds)]);
}

/** @returns `done` for a job with which all is well, else what is wrong with it */
export function judgeJob({ job, told, ledger, jobIds, events }: JobFacts): JobFinding[] {
  const name = `${job.marker} (${job.id})`;
  const faults: JobFinding[] = [];
  const fault = (kind: JobFinding['kind'], text: string) => faults.push({ kind, text: `${name} ${text}` });
  const endings = ledger?.endings ?? [];
  if (jobIds.length > 1) fault('duplicated', `has ${jobIds.length} jobs for one Idempotency-Key`);
  if (endings.length > 1) fault('duplicated', `ended ${endings.length} times: ${endings.join(', ')}`);
  if (ledger && ledger.effects > 1) fault('duplicated', `was written down ${ledger.effects} times`);
  if (!told || !ledger || !jobIds.includes(job.id)) {
    fault('gone', 'was accepted and is not there');
    return faults;
  }
  if (!terminal.includes(told.state)) {
    fault('stuck', `is ${told.state}`);
    return faults;
  }
  const why = told.error ? ` (${told.error.code}: ${told.error.message})` : '';
  if (endings.at(-1) !== told.state) {
    fault('untrue', `is told to be ${told.state} and ended as ${endings.at(-1) ?? 'nothing'}`);
  }
  if (ledger.effects === 0) fault('untrue', `is told to be ${told.state} and nothing was written down`);
  if (told.state === 'succeeded' && !isMade(job, told)) {
    fault('untrue', 'is told to have succeeded and what it was to make is not there');
  }
  const endsWell = told.state === job.ends && (job.ends !== 'failed' || isAskedFault(told));
  if (!endsWell) fault('lost', `had to end as ${job.ends} and is ${told.state}${why}`);
  const gap = findGap(told, events);
  if (gap) fault('gap', gap);
  return faults.length > 0 ? faults : [{ kind: 'done' }];
}

function isMade(job: AcceptedJob, { result }: ToldJob): boolean {
  const { generation, build } = result;
  if (generation) {
    const sources = Object.values(generation.result?.sources ?? {});
    return generation.status === 'succeeded' && sources.some((source) => source.includes(job.marker));
  }
  return (
    build?.status === 'succeeded' && build.artifacts.some((artifact) => artifact.contract === job.marker)
  );
}

/** The one fault that this proof asks for: anything else is the platform's. */
function isAskedFault({ error }: ToldJob): boolean {
  return error?.code === 'source-not-compilable';
}

function findGap(told: ToldJob, events: JobFacts['events']): string | null {
  const wrong = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (wrong >= 0) return `has event ${events[wrong]?.seq} where ${wrong + 1} is due`;
  if (events.length !== told.seq) return `has ${events.length} events and counts ${told.seq}`;
  const ends = events.filter(({ type }) => terminal.includes(type)).length;
  if (ends !== 1) return `has ${ends} events that end it`;
  const last = events.at(-1)?.type;
  return last === told.state ? null : `has ${last} as its last event and is ${told.state}`;
}

/** Jobs that carry a marker for which nobody got a yes. */
function findStrangers(
  accepted: readonly AcceptedJob[],
  jobIds: ReadonlyMap<string, string[]>,
): JobFinding[] {
  const known = new Set(accepted.map(({ marker }) => marker));
  return [...jobIds]
    .filter(([marker]) => !known.has(marker))
    .map(([marker]) => ({ kind: 'duplicated', text: `nobody was told of a job for ${marker}` }));
}

function toVerdict(accepted: readonly AcceptedJob[], findings: readonly JobFinding[]): JobsVerdict {
  const count = (kind: JobFinding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  return {
    finished: accepted.length - count('stuck') - count('gone'),
    lost: count('lost') + count('gone'),
    duplicated: count('duplicated'),
    stuck: count('stuck'),
    untrue: count('untrue'),
    eventGaps: count('gap'),
    faults: findings.flatMap(({ kind, text }) => (text === undefined ? [] : [`${kind}: ${text}`])),
  };
}

async function readJob(url: string, key: string, id: string): Promise<ToldJob | null> {
  const { status, body } = await ask<ToldJob>(url, `GET /api/v1/jobs/${id}`, { key });
  if (status === 404) return null;
  if (status !== 200) throw new Error(`GET job ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** @returns ids of all jobs, by the marker of what they make */
async function readJobIds(query: Query): Promise<Map<string, string[]>> {
  const rows = await query<{ id: string; request: string; compression: string | null; bytes: Buffer | null }>(
    `select jobs.id, coalesce(generations.request, builds.request)::text as request, compression, bytes
    from jobs
      left join generations on generations.id = jobs.subject_id
      left join builds on builds.id = jobs.subject_id
      left join contents on contents.hash = builds.sources_hash`,
  );
  const byMarker = new Map<string, string[]>();
  for (const { id, request, compression, bytes } of rows) {
    // The list of the sources; texts as short as the proof's stand in the list itself.
    const sources = bytes && compression === 'zstd' ? zstdDecompressSync(bytes) : bytes;
    const marker = new RegExp(markerPattern).exec(`${request}${sources?.toString('utf8') ?? ''}`)?.[0];
    if (marker) byMarker.set(marker, [...(byMarker.get(marker) ?? []), id]);
  }
  return byMarker;
}

async function readEventLogs(query: Query): Promise<Map<string, { seq: number; type: string }[]>> {
  const rows = await query<{ id: string; log: { seq: number; type: string }[] }>(`
    select subject_id as id, jsonb_agg(jsonb_build_object('seq', seq, 'type', type) order by seq) as log
    from events group by subject_id`);
  return new Map(rows.map(({ id, log }) => [id, log]));
}
