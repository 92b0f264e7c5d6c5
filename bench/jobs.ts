import { openStore } from '../src/store/db.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { type Benchmark, median, percentile, round } from './frame.ts';
import { makeApi } from './parts/http.ts';
import { atOnce, bareQueue, type Drive, makeOwner, ourQueue } from './parts/jobs.ts';
import { makeDirectory, removeDirectory, startServer } from './parts/server.ts';

const inFlights = [1, 4, 16];
const httpCallers = 16;

/** Jobs that do nothing, from the enqueuing action to their end, beside the least that can be called a queue. */
export const jobs: Benchmark = {
  name: 'jobs',
  describe:
    'No-op jobs a second at 1, 4 and 16 in flight beside a bare SKIP LOCKED table, milliseconds from enqueuing to ' +
    'start, jobs accepted a second over HTTP (--jobs 1000 --rounds 3). No bar yet; Redis is to come.',
  async run({ words, note }) {
    const count = Number(words['jobs'] ?? 1_000);
    const rounds = Number(words['rounds'] ?? 3);
    const postgresql = await measureQueue({ count, rounds, note });
    note('accepting over HTTP …');
    const acceptsPerSecond = await measureAccepts(count, rounds);
    const result = { ...postgresql.result, acceptsPerSecond };
    return {
      rows: [
        ...postgresql.rows,
        {
          what: `over HTTP, ${httpCallers} callers`,
          'jobs/s': acceptsPerSecond,
          'bare jobs/s': '',
          ratio: '',
        },
      ],
      result: { ...result, engine: 'postgresql', engines: { postgresql: result } },
      ok: true,
    };
  },
};

async function measureQueue(options: { count: number; rounds: number; note(message: string): void }) {
  const { count, rounds, note } = options;
  const directory = makeDirectory();
  const server = await startEmbeddedPostgres({ dataDir: directory });
  try {
    await migrate({ url: server.url });
    const store = openStore({ url: server.url, connectionsMax: 33 });
    await store.signals.listen();
    const bare = await bareQueue(server.url);
    try {
      const ours = ourQueue(store, await makeOwner(store));
      const warmUp = { jobs: Math.min(200, count), inFlight: 16 };
      await ours.drive(warmUp);
      await bare.drive(warmUp);
      const byInFlight = [];
      for (const inFlight of inFlights) {
        note(`${inFlight} in flight …`);
        byInFlight.push(await compare({ ours: ours.drive, bare: bare.drive, jobs: count, inFlight, rounds }));
      }
      note('time to start …');
      const startMs = await ours.startMs(Math.min(300, count));
      return report(byInFlight, startMs);
    } finally {
      await bare.close();
      await store.close();
    }
  } finally {
    await server.stop();
    await removeDirectory(directory);
  }
}

type Compared = Awaited<ReturnType<typeof compare>>;

/** Both queues by turns; the medians. */
async function compare(options: {
  ours: Drive;
  bare: Drive;
  jobs: number;
  inFlight: number;
  rounds: number;
}) {
  const { jobs, inFlight } = options;
  const ours: number[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < options.rounds; turn += 1) {
    ours.push(await options.ours({ jobs, inFlight }));
    bare.push(await options.bare({ jobs, inFlight }));
  }
  const ratios = ours.map((rate, turn) => rate / (bare[turn] ?? Number.NaN));
  return {
    inFlight,
    jobsPerSecond: Math.round(median(ours)),
    bareJobsPerSecond: Math.round(median(bare)),
    ratio: round(median(ratios)),
  };
}

function report(byInFlight: Compared[], startMs: number[]) {
  const most = byInFlight.at(-1);
  const start = { startMsP50: round(median(startMs)), startMsP99: round(percentile(startMs, 99)) };
  return {
    rows: [
      ...byInFlight.map((each) => ({
        what: `${each.inFlight} in flight`,
        'jobs/s': each.jobsPerSecond,
        'bare jobs/s': each.bareJobsPerSecond,
        ratio: each.ratio,
      })),
      {
        what: `start ms p50 ${start.startMsP50}, p99 ${start.startMsP99}`,
        'jobs/s': '',
        'bare jobs/s': '',
        ratio: '',
      },
    ],
    result: {
      jobsPerSecond: most?.jobsPerSecond,
      bareJobsPerSecond: most?.bareJobsPerSecond,
      ratio: most?.ratio,
      ...start,
      byInFlight,
    },
  };
}

/** A real server that only accepts: no worker takes the processors while callers ask for the smallest job there is. */
async function measureAccepts(count: number, rounds: number): Promise<number> {
  const server = await startServer({}, ['--no-worker']);
  const api = makeApi(server);
  try {
    const ask = () => api.call('POST', '/api/v1/contracts/generate', { template: 'storage', options: {} });
    await atOnce(httpCallers, Math.min(300, count), ask);
    const rates: number[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      const begin = performance.now();
      await atOnce(httpCallers, count, ask);
      rates.push(count / ((performance.now() - begin) / 1000));
    }
    return Math.round(median(rates));
  } finally {
    api.close();
    await server.stop();
  }
}
