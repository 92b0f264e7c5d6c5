import type { RunningServer } from '../../support/server.ts';
import type { Creation } from './chain-ledger.ts';
import type { Wanted } from './workload.ts';

/** A pipeline that the platform has said yes to. */
export interface Accepted extends Wanted {
  id: string;
}

/** What the API says of a pipeline. */
export interface Told {
  id: string;
  state: string;
  seq: number;
  createdAt: string;
  completedAt: string | null;
  error: { code: string; message: string } | null;
  result: { deployment: { id: string; status: string; address: string | null } | null };
}

/** Where a pipeline stands, seen from outside. */
export interface Verdict {
  finished: number;
  confirmed: number;
  /** Refused before anything was sent, as it had to be. */
  refused: number;
  lost: number;
  duplicated: number;
  stuck: number;
  untrue: number;
  /** One sentence for each thing that is not as it should be. */
  faults: string[];
}

const terminal = ['succeeded', 'failed', 'cancelled', 'blocked'];

/** Compares what was asked for, what the platform says, and what stands on the chain. */
export async function judge(options: {
  server: RunningServer;
  accepted: readonly Accepted[];
  creations: readonly Creation[];
}): Promise<Verdict> {
  const { server, accepted, creations } = options;
  const findings: Finding[] = [];
  for (const pipeline of accepted) {
    const own = creations.filter((creation) => creation.input.includes(pipeline.marker));
    findings.push(...judgeOne({ pipeline, own, told: await readPipeline(server, pipeline.id) }));
  }
  for (const { hash, input } of creations) {
    if (accepted.some(({ marker }) => input.includes(marker))) continue;
    findings.push({ kind: 'duplicated', text: `nobody asked for ${hash}` });
  }
  const listed = await countPipelines(server);
  if (listed > accepted.length) {
    const text = `${listed} pipelines exist and ${accepted.length} were asked for`;
    findings.push({ kind: 'duplicated', text });
  }
  const count = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  return {
    finished: accepted.length - count('stuck') - count('gone'),
    confirmed: count('confirmed'),
    refused: count('refused'),
    lost: count('lost') + count('gone'),
    duplicated: count('duplicated'),
    stuck: count('stuck'),
    untrue: count('untrue'),
    faults: findings.flatMap(({ kind, text }) => (text === undefined ? [] : [`${kind}: ${text}`])),
  };
}

/** What is to be said of a pipeline. A `text` makes it a fault. */
export interface Finding {
  kind: 'confirmed' | 'refused' | 'lost' | 'gone' | 'duplicated' | 'stuck' | 'untrue';
  text?: string;
}

/** @param facts.own what the chain shows of it @param facts.told what the API says of it, null when it knows nothing */
export function judgeOne(facts: {
  pipeline: Accepted;
  own: readonly Creation[];
  told: Told | null;
}): Finding[] {
  const { pipeline, own, told } = facts;
  const name = `${pipeline.name} (${pipeline.id})`;
  const findings: Finding[] = [];
  if (own.length > 1) {
    findings.push({ kind: 'duplicated', text: `${name} was created ${own.length} times` });
  }
  return [...findings, compare()];

  function compare(): Finding {
    if (!told) return { kind: 'gone', text: `${name} was accepted and is not there` };
    if (!terminal.includes(told.state)) return { kind: 'stuck', text: `${name} is ${told.state}` };
    const { deployment } = told.result;
    const why = told.error ? ` (${told.error.code}: ${told.error.message})` : '';
    const said = `${name} is ${told.state}${why}, its deployment ${deployment?.status ?? 'absent'}`;
    const creation = own.find((each) => each.succeeded && each.hasCode);
    const confirmed = told.state === 'succeeded' && deployment?.status === 'confirmed';
    if (confirmed && !creation) return { kind: 'untrue', text: `${said}; the chain has no such contract` };
    if (creation && !confirmed) return { kind: 'untrue', text: `${said}; it stands at ${creation.address}` };
    if (creation && deployment?.address?.toLowerCase() !== creation.address) {
      return { kind: 'untrue', text: `${said} at ${deployment?.address}; it stands at ${creation.address}` };
    }
    if (confirmed !== (pipeline.ends === 'confirmed')) return { kind: 'lost', text: said };
    return { kind: confirmed ? 'confirmed' : 'refused' };
  }
}

/** @returns null when there is no such pipeline */
export async function readPipeline(server: RunningServer, id: string): Promise<Told | null> {
  const { status, body } = await server.send(`GET /api/v1/pipelines/${id}`);
  if (status === 404) return null;
  if (status !== 200) throw new Error(`GET pipeline ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

async function countPipelines(server: RunningServer): Promise<number> {
  let count = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: string = cursor ? `&cursor=${cursor}` : '';
    const { body } = await server.send(`GET /api/v1/pipelines?limit=100${page}`);
    count += body.items.length;
    cursor = body.nextCursor;
  }
  return count;
}

/** Reads a pipeline's whole event log. @returns how many events are missing, out of order or there twice */
export async function countEventGaps(server: RunningServer, told: Told): Promise<number> {
  const { text } = await server.send(`GET /api/v1/pipelines/${told.id}/events?since=0`);
  const numbers = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  const wrong = numbers.filter((number, index) => number !== index + 1).length;
  return wrong + Math.abs(told.seq - numbers.length);
}
