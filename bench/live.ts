import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '../src/lib/ids.ts';
import { openStore, type Store } from '../src/store/db.ts';
import { findEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { appendEvent } from '../src/store/events.ts';
import { type Benchmark, median, percentile, round } from './frame.ts';
import { startBareBroadcast } from './parts/bare-broadcast.ts';
import { makeApi } from './parts/http.ts';
import { type LiveClients, makeLiveClients, nowMs } from './parts/live-clients.ts';
import { type BenchServer, rssBytes, startServer } from './parts/server.ts';

/** All clients on one subject, or each on its own. */
interface Shape {
  name: 'oneSubject' | 'ownSubjects';
  what: string;
  eventsPerSecond: number;
}

const shapes: readonly Shape[] = [
  { name: 'oneSubject', what: 'all on one subject', eventsPerSecond: 4 },
  { name: 'ownSubjects', what: 'each on its own', eventsPerSecond: 100 },
];

/** How long a server is left alone before its memory is looked at. */
const settleSeconds = 5;
const catchUpSeconds = 60;

/** What must be reached with 1,000 clients: none lost, none twice, and milliseconds to the slowest of a hundred. */
const bar = { eventMsP99: 500 };

/** Live updates to many clients at once, written by another process, and what happens when all lose their connection. */
export const live: Benchmark = {
  name: 'live',
  describe:
    'Milliseconds from an event that another process writes to its arrival at 1,000 WebSocket clients, on one subject ' +
    'and on 1,000, beside a bare ws server; memory for each; all cut off and back with since ' +
    `(--clients 1000 --seconds 15). Bar: none lost or twice, p99 at most ${bar.eventMsP99} ms.`,
  async run({ words, note }) {
    const clients = Number(words['clients'] ?? 1_000);
    const seconds = Number(words['seconds'] ?? 15);
    const measured = [];
    for (const shape of shapes) {
      note(`${clients} clients, ${shape.what} …`);
      const ours = await measureOurs(shape, { clients, seconds, note });
      note('the same with a bare ws server …');
      const bare = await measureBare(shape, { clients, seconds });
      // The bare server has no database to write to: what is committed has to be committed in any case.
      const ratioP50 = round(ours.eventMsP50 / (ours.commitMsP50 + bare.eventMsP50));
      measured.push({ shape, ours, bare, ratioP50 });
    }
    return report(clients, measured);
  },
};

type Measured = {
  shape: Shape;
  ours: Awaited<ReturnType<typeof measureOurs>>;
  bare: Awaited<ReturnType<typeof measureBare>>;
  ratioP50: number;
};

function report(clients: number, measured: readonly Measured[]) {
  const worst = (pick: (each: Measured) => number) => Math.max(...measured.map(pick));
  const sum = (pick: (each: Measured) => number) => measured.map(pick).reduce((a, b) => a + b, 0);
  const result = {
    clients,
    eventMsP50: worst(({ ours }) => ours.eventMsP50),
    eventMsP99: worst(({ ours }) => ours.eventMsP99),
    bytesPerClient: worst(({ ours }) => ours.bytesPerClient),
    lost: sum(({ ours }) => ours.lost),
    duplicated: sum(({ ours }) => ours.duplicated),
    shapes: Object.fromEntries(
      measured.map(({ shape, ours, bare, ratioP50 }) => [
        shape.name,
        { eventsPerSecond: shape.eventsPerSecond, ...ours, bare, ratioP50 },
      ]),
    ),
  };
  const shortfalls = [
    ...(result.lost > 0 ? [`${result.lost} events were lost`] : []),
    ...(result.duplicated > 0 ? [`${result.duplicated} events came twice`] : []),
    ...(result.eventMsP99 > bar.eventMsP99
      ? [`an event took ${result.eventMsP99} ms (p99), the bar is ${bar.eventMsP99} ms`]
      : []),
  ];
  const rows = measured.map(({ shape, ours, bare, ratioP50 }) => ({
    what: shape.what,
    'p50 ms': ours.eventMsP50,
    'p99 ms': ours.eventMsP99,
    'commit p50': ours.commitMsP50,
    'commit p99': ours.commitMsP99,
    'bare p50': bare.eventMsP50,
    'bare p99': bare.eventMsP99,
    ratio: ratioP50,
    'bytes a client': ours.bytesPerClient,
    'bare bytes': bare.bytesPerClient,
    'all back s': ours.backSeconds,
    lost: ours.lost,
    twice: ours.duplicated,
  }));
  return { rows, result, ok: shortfalls.length === 0, shortfalls };
}

/** A server of its own for each shape: memory that one shape made it take would be there for the next. */
async function measureOurs(
  shape: Shape,
  options: { clients: number; seconds: number; note(message: string): void },
) {
  const server = await startServer({}, ['--no-worker']);
  const store = openStore({ url: findEmbeddedPostgres({ dataDir: server.dataDir })?.url ?? '' });
  try {
    await store.signals.listen();
    const ids = await makeJobs(server, store, shape.name === 'oneSubject' ? 1 : options.clients);
    const writer = makeWriter(store, ids);
    const clients = makeLiveClients({
      clients: options.clients,
      headers: { authorization: `Bearer ${server.apiKey}` },
      address: (at, since) =>
        `${server.url.replace('http', 'ws')}/api/v1/jobs/${ids[at % ids.length]}/updates` +
        (since === undefined ? '' : `?since=${since}`),
    });
    await wait(settleSeconds * 1000);
    const rssBefore = rssBytes(server.pid);
    await clients.connect();
    await wait(settleSeconds * 1000);
    const bytesPerClient = Math.round((rssBytes(server.pid) - rssBefore) / options.clients);

    await writer.write(shape.eventsPerSecond, options.seconds);
    await clients.untilAll(writer.seqsOf(options.clients), catchUpSeconds);
    const ms = clients.takeMs();
    options.note('all cut off, and back …');
    const backSeconds = await cutAndReturn(clients, writer, { shape, clients: options.clients });
    clients.cut();
    return {
      ...summary(ms),
      commitMsP50: round(median(writer.commitMs)),
      commitMsP99: round(percentile(writer.commitMs, 99)),
      bytesPerClient,
      backSeconds,
      lost: clients.lost,
      duplicated: clients.duplicated,
      events: writer.count(),
    };
  } finally {
    await store.close();
    await server.stop();
  }
}

/** Events go on being written while everybody is away and while everybody comes back at once. */
async function cutAndReturn(
  clients: LiveClients,
  writer: Writer,
  options: { shape: Shape; clients: number },
): Promise<number> {
  const { eventsPerSecond } = options.shape;
  const writing = writer.write(eventsPerSecond, 6);
  await wait(1_000);
  clients.cut();
  await wait(1_000);
  const begin = performance.now();
  await clients.connect();
  const seconds = (performance.now() - begin) / 1000;
  await writing;
  await clients.untilAll(writer.seqsOf(options.clients), catchUpSeconds);
  clients.takeMs();
  return round(seconds);
}

async function measureBare(shape: Shape, options: { clients: number; seconds: number }) {
  const server = await startBareBroadcast();
  try {
    const clients = makeLiveClients({
      clients: options.clients,
      headers: {},
      address: (at) => `${server.url}/${at}`,
    });
    await wait(settleSeconds * 1000);
    const rssBefore = rssBytes(server.pid);
    await clients.connect();
    await wait(settleSeconds * 1000);
    const bytesPerClient = Math.round((rssBytes(server.pid) - rssBefore) / options.clients);
    const last = clients.seqs.map(() => 0);
    let turn = 0;
    await steadily(shape.eventsPerSecond, options.seconds, async () => {
      const to = shape.name === 'oneSubject' ? undefined : turn % options.clients;
      const seq = to === undefined ? turn + 1 : (last[to] ?? 0) + 1;
      turn += 1;
      if (to === undefined) last.fill(seq);
      else last[to] = seq;
      const event = { type: 'progress', data: { at: nowMs(), text: filler }, at: new Date().toISOString() };
      server.send(JSON.stringify({ type: 'event', seq, event }), to);
    });
    await clients.untilAll(last, catchUpSeconds);
    const ms = clients.takeMs();
    clients.cut();
    return { ...summary(ms), bytesPerClient };
  } finally {
    server.stop();
  }
}

/** About what a stage's event holds. */
const filler = 'x'.repeat(100);

function summary(ms: readonly number[]) {
  return { eventMsP50: round(median(ms)), eventMsP99: round(percentile(ms, 99)) };
}

type Writer = ReturnType<typeof makeWriter>;

/** Appends events to the subjects by turns, each with the time at which it was begun. */
function makeWriter(store: Store, ids: readonly string[]) {
  const seqs = ids.map(() => 0);
  const commitMs: number[] = [];
  let count = 0;
  return {
    /** Milliseconds until the event was committed: what comes before any server can know of it. */
    commitMs,
    count: () => count,
    /** Number of the last event of the subject that each of so many clients follows. */
    seqsOf: (clients: number) => Array.from({ length: clients }, (_, at) => seqs[at % ids.length] ?? 0),
    write: (eventsPerSecond: number, seconds: number) =>
      steadily(eventsPerSecond, seconds, async () => {
        const at = count % ids.length;
        count += 1;
        const data = { at: nowMs(), text: filler };
        seqs[at] = await store.transaction((tx) =>
          appendEvent(tx, { subject: 'jobs', subjectId: ids[at] ?? '', type: 'progress', data }),
        );
        commitMs.push(nowMs() - data.at);
      }),
  };
}

/** Does something so many times a second, whether or not the time before is done. */
async function steadily(perSecond: number, seconds: number, work: () => Promise<void>): Promise<void> {
  const begin = performance.now();
  const under: Promise<void>[] = [];
  for (let at = 0; at < perSecond * seconds; at += 1) {
    const due = begin + (at * 1000) / perSecond;
    await wait(Math.max(0, due - performance.now()));
    under.push(work());
  }
  await Promise.all(under);
}

/** Rows that can be followed: jobs of the local owner that wait for a day that does not come. */
async function makeJobs(server: BenchServer, store: Store, count: number): Promise<string[]> {
  const api = makeApi(server);
  const me = (await api.call('GET', '/api/v1/auth/me')) as { id: string; ownerId: string; projectId: string };
  api.close();
  const ids = Array.from({ length: count }, () => newId());
  await store.read
    .insertInto('jobs')
    .values(
      ids.map((id) => ({
        id,
        owner_id: me.ownerId,
        created_by: me.id,
        project_id: me.projectId,
        kind: 'bench',
        subject_id: newId(),
        state: 'waiting',
        run_at: new Date('2100-01-01'),
        attempts_max: 1,
      })),
    )
    .execute();
  return ids;
}
