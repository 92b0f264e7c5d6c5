import { setTimeout as wait } from 'node:timers/promises';
import type { Member, Role } from './fleet.ts';
import type { Act } from './jobs-plan.ts';
import { leaseSeconds, type PlatformUnderTest } from './platform-under-test.ts';
import type { WorkerKill } from './restarts.ts';

/** What was done to the platform, counted. */
export interface JobsTally {
  /** Every kill. */
  kills: { run: number; at: number }[];
  workerKills: WorkerKill[];
  apiKills: number;
  sessionsEnded: number;
  sessionProcessKills: number;
  databaseKills: number;
  redisKills: number;
  redisFlushes: number;
  /** When Redis was away and came back (null: it has not yet), in milliseconds of the clock. */
  redisAbsences: { from: number; awayMs: number; to: number | null }[];
  drains: number;
  freezes: number;
  /** What a drained worker did not give back, and other things that are not as they should be; in words. */
  complaints: string[];
}

/** Its leases have run out by then, and somebody else has its jobs. */
const freezeMs = (leaseSeconds + 2) * 1000;

/** A moment that does not come, because nothing is left to do, is not waited for. */
const momentMsMax = 3_000;

/** Waits for the act's moment and does it, if there is anything to do it to. */
export async function performAct(
  act: Act,
  context: { run: number; platform: PlatformUnderTest; tally: JobsTally },
): Promise<void> {
  const { run, platform, tally } = context;
  const { fleet, database, redis } = platform;
  const killed = (at = Date.now()) => tally.kills.push({ run, at });
  switch (act.kind) {
    case 'worker':
    case 'all workers': {
      const workers = fleet.up('worker');
      const some = act.kind === 'worker' ? pick(workers, act.which) : workers;
      await untilInHand(platform, some);
      await wait(act.delayMs);
      // One of them may have been taken down by another act, or by itself.
      const lives = await Promise.all(stillUp(platform, some).map((worker) => fleet.kill(worker)));
      for (const life of lives) killed(life.at);
      tally.workerKills.push(...lives);
      return;
    }
    case 'api': {
      await wait(act.delayMs);
      for (const api of pick(fleet.up('api'), act.which)) {
        killed((await fleet.kill(api)).at);
        tally.apiKills += 1;
      }
      return;
    }
    case 'sessions':
    case 'session process': {
      await untilInHand(platform, fleet.up('worker'));
      await wait(act.delayMs);
      const at = Date.now();
      const whole = act.kind === 'session process';
      const count = await (whole ? database.killSession(act.which) : database.endSessions(act.which));
      if (count > 0) killed(at);
      tally[whole ? 'sessionProcessKills' : 'sessionsEnded'] += count;
      return;
    }
    case 'database': {
      await untilInHand(platform, fleet.up('worker'));
      await wait(act.delayMs);
      killed();
      database.kill();
      tally.databaseKills += 1;
      return;
    }
    case 'redis': {
      await wait(act.delayMs);
      const from = Date.now();
      if (!(await redis?.kill())) return;
      killed(from);
      tally.redisKills += 1;
      if (act.awayMs > 0) tally.redisAbsences.push({ from, awayMs: act.awayMs, to: null });
      return;
    }
    case 'flush': {
      await wait(act.delayMs);
      if (await redis?.flush()) tally.redisFlushes += 1;
      return;
    }
    case 'freeze': {
      const some = pick(fleet.up('worker'), act.which);
      await untilInHand(platform, some);
      await wait(act.delayMs);
      for (const worker of stillUp(platform, some)) {
        tally.freezes += 1;
        await fleet.freeze(worker, freezeMs);
      }
      return;
    }
    case 'drain worker':
    case 'drain api': {
      const role: Role = act.kind === 'drain worker' ? 'worker' : 'api';
      const some = pick(fleet.up(role), act.which);
      await untilInHand(platform, some);
      await wait(act.delayMs);
      for (const member of stillUp(platform, some)) {
        tally.drains += 1;
        if (await fleet.drain(member)) await checkHandedBack(platform, member, tally);
      }
      return;
    }
  }
}

/** Waits until one of the workers has a job in hand. */
async function untilInHand({ database }: PlatformUnderTest, workers: readonly Member[]): Promise<void> {
  const owners = workers.filter(({ role }) => role === 'worker').map(({ owner }) => owner);
  const end = performance.now() + momentMsMax;
  while (owners.length > 0 && performance.now() < end) {
    const rows = await database.query(
      `select from jobs where state = 'running' and lease_owner = any($1) limit 1`,
      [owners],
    );
    if (rows.length > 0) return;
    await wait(3);
  }
}

/** A process that ended well leaves nothing to its lease. */
async function checkHandedBack(
  { database }: PlatformUnderTest,
  { name, owner }: Member,
  tally: JobsTally,
): Promise<void> {
  const left = await database.query(`select from jobs where state = 'running' and lease_owner = $1`, [owner]);
  if (left.length > 0) tally.complaints.push(`${name} ended with 0 and kept ${left.length} jobs`);
}

function pick(members: readonly Member[], which: number): Member[] {
  const member = members[Math.floor(which * members.length)];
  return member ? [member] : [];
}

function stillUp({ fleet }: PlatformUnderTest, members: readonly Member[]): Member[] {
  const owners = [...fleet.up('api'), ...fleet.up('worker')].map(({ owner }) => owner);
  return members.filter(({ owner }) => owners.includes(owner));
}
