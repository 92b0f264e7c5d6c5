import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../../src/lib/limits.ts';
import { isAlive } from '../../../src/ops/processes.ts';
import {
  descendants,
  nameProcess,
  type ServerProcess,
  spawnServer,
  untilGone,
} from '../../support/server.ts';
import type { Span, WorkerKill } from './restarts.ts';

export type Role = 'api' | 'worker';

/** One process of the platform that is up. */
export interface Member {
  name: string;
  role: Role;
  pid: number;
  /** As it signs its leases. */
  owner: string;
  /** Where its API listens; null for a worker. */
  url: string | null;
}

/** Several processes of the platform on one database: half serve the API, half work on jobs. */
export interface Fleet {
  /**
   * Starts all that are neither up nor on their way, side by side, and waits for all; nothing else is done to get them
   * up.
   *
   * @param killFirstMs how long the first of them lives until it is killed and started once more; null to let it be
   */
  start(killFirstMs?: number | null): Promise<void>;
  up(role: Role): Member[];
  /** An API process that is up, another one each time; null while there is none. */
  url(): string | null;
  /** SIGKILL. @returns the life that it ended */
  kill(member: Member): Promise<WorkerKill>;
  /** SIGTERM, and waits for the end. @returns whether the process ended with 0, as it has to */
  drain(member: Member): Promise<boolean>;
  /** SIGSTOP, and SIGCONT after so many milliseconds. */
  freeze(member: Member, ms: number): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
  /** What went wrong around starts and ends, in words. */
  readonly complaints: string[];
  /** When worker processes were up; those that are up now have no end yet. */
  readonly workerSpans: readonly Span[];
  readonly killsWhileStarting: number;
  /** Starts that failed and processes that ended though nobody ended them. */
  readonly failures: number;
}

interface Life extends Member {
  child: ServerProcess;
  from: number;
  /** Since it said that it is up, or could work again. */
  span: Span;
  /** True from the moment that somebody ends it. */
  ending: boolean;
}

interface Place {
  name: string;
  role: Role;
  life: Life | null;
  /** While it is on its way up. */
  starting: Promise<void> | null;
}

const words: Record<Role, string[]> = { api: ['serve', '--no-worker'], worker: ['worker'] };
const startSecondsMax = 60;
/** The platform's own limit, and as much again for a machine that is busy with starts. */
const drainSecondsMax = 2 * limits.stopSeconds;
const outputCharactersMax = 3_000;

/** @param options.root directory of this proof alone @param options.env settings that all processes share */
export function createFleet(options: {
  root: string;
  processes: number;
  /** Those of them that serve the API; half of them when absent. */
  apis?: number;
  env: Record<string, string>;
  note(message: string): void;
}): Fleet {
  const apis = options.apis ?? Math.max(1, Math.floor(options.processes / 2));
  const places: Place[] = Array.from({ length: options.processes }, (_, index) => {
    const role = index < apis ? 'api' : 'worker';
    return { name: `${role} ${index + 1}`, role, life: null, starting: null };
  });
  const complaints: string[] = [];
  const endings: Promise<void>[] = [];
  const workerSpans: Span[] = [];
  let failures = 0;
  let killsWhileStarting = 0;
  let turn = 0;

  function complain(text: string): void {
    complaints.push(text);
    options.note(text);
  }

  function spawn({ name, role }: Place): ServerProcess {
    const dataDir = join(options.root, name.replace(' ', '-'));
    return spawnServer({ dataDir, env: options.env, words: words[role] });
  }

  async function startOne(place: Place): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const child = spawn(place);
      const from = Date.now();
      try {
        const url = place.role === 'api' ? (await child.ready()).url : await untilWorking(child);
        const { name, role } = place;
        const owner = `${hostname()}:${child.pid}`;
        const span = openSpan(role);
        watch(place, { name, role, pid: child.pid, owner, url, child, from, span, ending: false });
        return;
      } catch (error) {
        failures += 1;
        complain(`${place.name}: a start failed: ${String(error)}`);
        if (attempt === 3) throw error;
      }
    }
  }

  function openSpan(role: Role): Span {
    const span = { from: Date.now(), to: Number.POSITIVE_INFINITY };
    if (role === 'worker') workerSpans.push(span);
    return span;
  }

  async function killOnTheWay(place: Place, ms: number): Promise<void> {
    const child = spawn(place);
    await Promise.race([wait(ms), child.ended]);
    const followers = descendants(child.pid);
    const { code } = await child.kill('SIGKILL');
    killsWhileStarting += 1;
    untilFollowed(place.name, followers);
    if (code === null) return;
    failures += 1;
    complain(`${place.name}: a start ended by itself with ${code}: ${tail(child)}`);
  }

  function watch(place: Place, life: Life): void {
    place.life = life;
    void life.child.ended.then(({ code, signal }) => {
      if (life.ending) return;
      life.span.to = Date.now();
      place.life = null;
      failures += 1;
      complain(`${life.name} ended by itself with ${code ?? signal}: ${tail(life.child)}`);
    });
  }

  function takeOut(member: Member): Life {
    const place = places.find(({ life }) => life?.owner === member.owner);
    if (!place?.life) throw new Error(`${member.name} is not up`);
    const { life } = place;
    life.ending = true;
    life.span.to = Date.now();
    place.life = null;
    return life;
  }

  /** The compiler of a killed process notices that it is alone by itself, which takes it a moment. */
  function untilFollowed(name: string, followers: number[]): void {
    endings.push(
      untilGone(followers, 20_000).then((left) => {
        if (left.length > 0) complain(`outlived ${name}: ${left.map(nameProcess).join('; ')}`);
      }),
    );
  }

  return {
    complaints,
    workerSpans,
    get failures() {
      return failures;
    },
    get killsWhileStarting() {
      return killsWhileStarting;
    },
    async start(killFirstMs = null) {
      const down = places.filter(({ life, starting }) => !life && !starting);
      for (const [index, place] of down.entries()) {
        const first = index === 0 && killFirstMs !== null ? killOnTheWay(place, killFirstMs) : null;
        place.starting = Promise.resolve(first)
          .then(() => startOne(place))
          .finally(() => {
            place.starting = null;
          });
      }
      await Promise.all(places.map(({ starting }) => starting));
    },
    up: (role) => places.flatMap(({ life }) => (life?.role === role ? [life] : [])),
    url() {
      const urls = places.flatMap(({ life }) => life?.url ?? []);
      turn += 1;
      return urls[turn % urls.length] ?? null;
    },
    async kill(member) {
      const { name, owner, child, from } = takeOut(member);
      const followers = descendants(child.pid);
      const at = Date.now();
      const { signal, code } = await child.kill('SIGKILL');
      if (signal !== 'SIGKILL') complain(`${name} ended by itself with ${code}: ${tail(child)}`);
      untilFollowed(name, followers);
      return { owner, from, at };
    },
    async drain(member) {
      const { name, child } = takeOut(member);
      const followers = descendants(child.pid);
      const ending = child.kill('SIGTERM');
      const inTime = await Promise.race([ending.then(() => true), wait(drainSecondsMax * 1000, false)]);
      if (!inTime) {
        complain(`${name} was asked to end and had not ended after ${drainSecondsMax} s: ${tail(child)}`);
        await child.kill('SIGKILL');
        untilFollowed(name, followers);
        return false;
      }
      const { code, signal } = await ending;
      untilFollowed(name, followers);
      if (code === 0) return true;
      complain(`${name} was asked to end and ended with ${code ?? signal}: ${tail(child)}`);
      return false;
    },
    async freeze({ pid, owner, role }, ms) {
      const life = places.find((place) => place.life?.owner === owner)?.life;
      if (life) life.span.to = Date.now();
      process.kill(pid, 'SIGSTOP');
      await wait(ms);
      if (life && !life.ending) life.span = openSpan(role);
      if (isAlive(pid)) process.kill(pid, 'SIGCONT');
    },
    async stop() {
      await Promise.allSettled(places.map(({ starting }) => starting));
      const lives = places.flatMap(({ life }) => life ?? []);
      for (const life of lives) life.ending = true;
      await Promise.all(lives.map(({ child }) => child.kill('SIGKILL')));
      await Promise.all(endings);
    },
  };
}

async function untilWorking(child: ServerProcess): Promise<null> {
  const end = performance.now() + startSecondsMax * 1000;
  let over: string | null = null;
  void child.ended.then(({ code, signal }) => {
    over = `the worker ended with ${code ?? signal}`;
  });
  while (performance.now() < end) {
    if (child.output().includes('Working on')) return null;
    if (over !== null) throw new Error(`${over}: ${tail(child)}`);
    await wait(10);
  }
  await child.kill('SIGKILL');
  throw new Error(`the worker did not begin to work within ${startSecondsMax} s: ${tail(child)}`);
}

function tail(child: ServerProcess): string {
  return child.output().slice(-outputCharactersMax);
}
