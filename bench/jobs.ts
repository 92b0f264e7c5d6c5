import { openStore } from '../src/store/db.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { migrate } from '../src/store/migrate.ts';
import { findRedis, startRedis } from '../test/support/redis-server.ts';
import { type Benchmark, median, percentile, round } from './frame.ts';
import { bareBullmq } from './parts/bullmq.ts';
import { atOnce, type Drive } from './parts/drive.ts';
import { bareGraphileWorker } from './parts/graphile.ts';
import { ourQueue } from './parts/jobs.ts';
import { repeatPost } from './parts/repeated-request.ts';
import { makeDirectory, removeDirectory, startServer } from './parts/server.ts';

const inFlights = [1, 4, 16];
const httpCallers = 16;
/** What must be reached: of the library's rate at each number in flight; milliseconds; jobs a second over HTTP. */
const bar = { ratio: 0.5, startMsP50: 8, acceptsPerSecond: 1_000, lateOwnerMs: 2_000 };
/** Jobs of one owner before which another's has to start. */
const backlogJobs = 10_000;

type EngineName = 'postgres' | 'redis';
const libraries = { postgres: 'graphile-worker', redis: 'BullMQ' } as const;

/** Jobs that do nothing, from the enqueuing action to their end, beside the library that is nearest to each engine. */
export const jobs: Benchmark = {
  name: 'jobs',
  describe:
    'No-op jobs a second at 1, 4 and 16 in flight beside bare graphile-worker and bare BullMQ, milliseconds from ' +
    'enqueuing to start, jobs accepted a second over HTTP (--jobs 1000 --rounds 5). Bar: half of the library, p50 8 ms, ' +
    '1,000 accepted; a late owner within 2 s.',
  async run({ words, note }) {
    const count = Number(words['jobs'] ?? 1_000);
    const rounds = Number(words['rounds'] ?? 5);
    const measured: Measured[] = [];
    const shortfalls: string[] = [];
    for (const engine of ['postgres', 'redis'] as const) {
      const one = await measureEngine({ engine, count, rounds, note });
      if (one) measured.push(one);
      else shortfalls.push('NOT RUN: the engine redis, as there is no redis-server on the PATH');
    }
    note('accepting over HTTP …');
    const acceptsPerSecond = await measureAccepts(count, rounds);
    shortfalls.push(...measured.flatMap(fallsShort));
    if (acceptsPerSecond < bar.acceptsPerSecond)
      shortfalls.push(`${acceptsPerSecond} jobs accepted a second, not ${bar.acceptsPerSecond}`);
    const [first] = measured;
    return {
      rows: [
        ...measured.flatMap(toRows),
        { ...noRow, what: `over HTTP, ${httpCallers} callers`, 'jobs/s': acceptsPerSecond },
      ],
      result: {
        ...(first ? summary(first) : {}),
        acceptsPerSecond,
        engines: Object.fromEntries(measured.map((one) => [one.engine, summary(one)])),
      },
      ok: shortfalls.length === 0,
      shortfalls,
    };
  },
};

interface Compared {
  inFlight: number;
  jobsPerSecond: number;
  bareJobsPerSecond: number;
  ratio: number;
}

interface Measured {
  engine: EngineName;
  byInFlight: Compared[];
  startMsP50: number;
  startMsP99: number;
  /** How long the first job of an owner waits behind ten thousand of another. */
  lateOwnerMs: number;
}

/** @returns null when the engine needs a server that is not on this machine */
async function measureEngine(options: {
  engine: EngineName;
  count: number;
  rounds: number;
  note(message: string): void;
}): Promise<Measured | null> {
  const { engine, count, rounds, note } = options;
  const program = engine === 'redis' ? findRedis(process.env['PATH'] ?? '') : null;
  if (engine === 'redis' && !program) return null;
  const directory = makeDirectory();
  // Rows are on the disk when they are accepted; the library alone promises as much only with this Redis.
  const redis = program ? await startRedis({ program, dir: directory, durable: true }) : null;
  const server = await startEmbeddedPostgres({ dataDir: directory });
  try {
    await migrate({ url: server.url });
    const store = openStore({ url: server.url, connectionsMax: 33 });
    await store.signals.listen();
    const bare = redis ? await bareBullmq(redis.url) : await bareGraphileWorker(server.url);
    const ours = ourQueue(store, { engine, redisUrl: redis?.url ?? null });
    try {
      const warmUp = { jobs: Math.min(300, count), inFlight: 16 };
      await ours.drive(warmUp);
      await bare.drive(warmUp);
      const byInFlight: Compared[] = [];
      for (const inFlight of inFlights) {
        note(`${engine}, ${inFlight} in flight …`);
        byInFlight.push(await compare({ ours: ours.drive, bare: bare.drive, jobs: count, inFlight, rounds }));
      }
      note(`${engine}, time to start …`);
      const startMs = await ours.startMs(Math.min(300, count));
      note(`${engine}, one behind ${backlogJobs} of another owner …`);
      const lateOwnerMs = Math.round(await ours.lateOwnerMs(backlogJobs));
      return {
        engine,
        lateOwnerMs,
        byInFlight,
        startMsP50: round(median(startMs)),
        startMsP99: round(percentile(startMs, 99)),
      };
    } finally {
      await bare.close();
      await ours.close();
      await store.close();
    }
  } finally {
    await redis?.kill();
    await server.stop();
    await removeDirectory(directory);
  }
}

/** Both queues by turns; the medians. */
async function compare(options: {
  ours: Drive;
  bare: Drive;
  jobs: number;
  inFlight: number;
  rounds: number;
}): Promise<Compared> {
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

function fallsShort({ engine, byInFlight, startMsP50, lateOwnerMs }: Measured): string[] {
  const slow = byInFlight
    .filter(({ ratio }) => !(ratio >= bar.ratio))
    .map(
      ({ inFlight, ratio }) =>
        `${engine}, ${inFlight} in flight: ${ratio} of ${libraries[engine]}, not ${bar.ratio}`,
    );
  const late = [
    startMsP50 <= bar.startMsP50
      ? ''
      : `${engine}: half of the jobs start after ${startMsP50} ms, not ${bar.startMsP50}`,
    lateOwnerMs <= bar.lateOwnerMs
      ? ''
      : `${engine}: a late owner's job starts after ${lateOwnerMs} ms, not ${bar.lateOwnerMs}`,
  ];
  return [...slow, ...late.filter((text) => text !== '')];
}

/** The figures at most in flight stand for the engine. */
function summary({ engine: _engine, byInFlight, ...start }: Measured) {
  const { inFlight: _inFlight, ...most } = byInFlight.at(-1) as Compared;
  return { ...most, ...start, byInFlight };
}

const noRow = {
  what: '',
  'jobs/s': '' as string | number,
  'library/s': '' as string | number,
  ratio: '' as string | number,
};

function toRows({ engine, byInFlight, startMsP50, startMsP99, lateOwnerMs }: Measured) {
  return [
    ...byInFlight.map((each) => ({
      what: `${engine}, ${each.inFlight} in flight (beside ${libraries[engine]})`,
      'jobs/s': each.jobsPerSecond,
      'library/s': each.bareJobsPerSecond,
      ratio: each.ratio,
    })),
    { ...noRow, what: `${engine}, start ms p50 ${startMsP50}, p99 ${startMsP99}` },
    {
      ...noRow,
      what: `${engine}, ms until one starts behind ${backlogJobs} of another owner: ${lateOwnerMs}`,
    },
  ];
}

/** A real server that only accepts: no worker takes the processors while callers ask for the smallest job there is. */
async function measureAccepts(count: number, rounds: number): Promise<number> {
  const server = await startServer({ SLIPWAY_QUEUED_MAX: '1000000' }, ['--no-worker']);
  const load = await repeatPost(server, {
    path: '/api/v1/contracts/generate',
    body: { template: 'storage', options: {} },
    accepted: 202,
    callers: httpCallers,
  });
  try {
    // Until the server's code is compiled as it stays: what it does all day, not its first second.
    await atOnce(httpCallers, 3 * count, load.send);
    const rates: number[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      const begin = performance.now();
      await atOnce(httpCallers, count, load.send);
      rates.push(count / ((performance.now() - begin) / 1000));
    }
    return Math.round(median(rates));
  } finally {
    load.close();
    await server.stop();
  }
}
