import { setTimeout as wait } from 'node:timers/promises';
import { endSession, holdAt, workersPast } from './database-holds.ts';
import { findWorker, killWorker, networkOf, type World, workerAt } from './deploy-world.ts';
import type { FaultyChain } from './faulty-chain.ts';
import type { Member } from './fleet.ts';
import { type Hold, type KillPoint, pointName } from './kill-points.ts';

/** A kill that waits for its moment. */
export interface ArmedKill {
  /** @returns true once the worker that came to the point was killed there; never false */
  struck: Promise<true>;
  hasStruck(): boolean;
  /** Waits for no moment any more. */
  disarm(): Promise<void>;
}

const lookEveryMs = 5;

/** Kills the first worker that comes to this point with a deployment on this chain. */
export async function armKill(
  world: World,
  { chain, point, run }: { chain: FaultyChain; point: KillPoint; run: number },
): Promise<ArmedKill> {
  const { promise: struck, resolve } = Promise.withResolvers<true>();
  let isOver = false;
  let hit = false;
  let turn: Promise<boolean> = Promise.resolve(false);

  /** One after the other: a second call of the same worker must not slip by while the first is looked at. */
  const strike: Trap['strike'] = (find) => {
    turn = turn.then(() => tryToStrike(find));
    return turn;
  };

  async function tryToStrike(find: Parameters<Trap['strike']>[0]): Promise<boolean> {
    const member = isOver ? null : await find();
    if (!member) return false;
    isOver = true;
    await killWorker(world, member, { run, point: pointName(point) });
    hit = true;
    resolve(true);
    return true;
  }

  const release = await prepare(world, { chain, hold: point.hold, strike, isOver: () => isOver });
  return {
    struck,
    hasStruck: () => hit,
    async disarm() {
      isOver = true;
      await release();
    },
  };
}

interface Trap {
  chain: FaultyChain;
  hold: Hold;
  /** @param find gives the worker to kill @returns whether there was one, and it is dead */
  strike(find: () => Promise<Member | null>): Promise<boolean>;
  isOver(): boolean;
}

/** @returns what takes the trap away */
async function prepare(world: World, trap: Trap): Promise<() => Promise<void>> {
  const { chain, hold, strike } = trap;
  const { query } = world.platform.database;
  if (hold.kind === 'write' || hold.kind === 'end') return holdInDatabase(world, trap, hold);
  if (hold.kind === 'call') {
    chain.watcher = async (method, when, port) =>
      method === hold.method && when === hold.when ? strike(async () => workerAt(world, port)) : false;
  } else {
    const [clock] = await query<{ since: Date }>('select clock_timestamp() as since');
    const place = { fact: hold.fact, network: networkOf(chain), since: clock?.since ?? new Date() };
    const findPast = async (port: number) => {
      const member = workerAt(world, port);
      return member && (await workersPast(query, place)).includes(member.owner) ? member : null;
    };
    chain.watcher = async (_method, when, port) => (when === 'before' ? strike(() => findPast(port)) : false);
  }
  return async () => {
    chain.watcher = null;
  };
}

async function holdInDatabase(
  world: World,
  { chain, strike, isOver }: Trap,
  { kind, fact }: Extract<Hold, { kind: 'write' | 'end' }>,
): Promise<() => Promise<void>> {
  const { query } = world.platform.database;
  const hold = await holdAt(query, { moment: kind, fact, network: networkOf(chain) });
  async function watch(): Promise<void> {
    while (!isOver()) {
      const held = await hold.find();
      const find = async () => findWorker(world, held?.worker ?? 0);
      if (held && (await strike(find))) await endSession(query, held);
      else await wait(lookEveryMs);
    }
    await hold.release();
  }
  const watching = watch();
  return () => watching;
}
