import { setTimeout as wait } from 'node:timers/promises';
import { type ArmedKill, armKill } from './arm-kill.ts';
import { type ChainPlan, type DeployRun, signersCount } from './deploy-plan.ts';
import {
  callBox,
  countOpen,
  deployBox,
  killSomebody,
  send,
  untilDeployment,
  type World,
} from './deploy-world.ts';
import type { FaultyChain } from './faulty-chain.ts';
import type { AcceptedDeployment } from './judge-deployments.ts';

/** How long a worker may take to come to the point where it is killed, before the occasion is given again. */
const momentMsMax = 4_000;
/** A chain that went back is noticed by looking every five seconds. */
/** A block that was on its way when the chain went back leaves a gap behind it: then it goes back once more. */
const goBackAttempts = 3;
/** As many answers in a row, 50 ms apart, with the same height: nothing is being mined, on a busy machine too. */
const sameHeights = 4;
const reorgMomentMsMax = 9_000;
/** A wish is granted at once; when the worker is killed meanwhile, the next one has to wait for the lease. */
const wishMsMax = 8_000;
const occasionsMax = 3;
/** More deployments than this are not left over for the next run. */
const backlogMax = 12;
const drainMsMax = 25_000;

/** Deployments on every chain, a kill at a chosen point of each, and what else the plan has; then all workers are up again. */
export async function oneRun(world: World, run: number, plan: DeployRun): Promise<void> {
  await Promise.all([
    ...plan.chains.map((chainPlan, at) => runChain(world, { run, at, plan: chainPlan })),
    ...(plan.randomKillMs === null ? [] : [wait(plan.randomKillMs).then(() => killSomebody(world, run))]),
  ]);
  await world.platform.fleet.start();
  const end = performance.now() + drainMsMax;
  while ((await countOpen(world)) > backlogMax && performance.now() < end) await wait(250);
}

interface Stage {
  run: number;
  /** Which chain. */
  at: number;
  plan: ChainPlan;
}

async function runChain(world: World, { run, at, plan }: Stage): Promise<void> {
  const chain = world.chains[at] as FaultyChain;
  const { point } = plan;
  const armed = await armKill(world, { chain, point, run });
  for (let occasion = 1; occasion <= occasionsMax && !armed.hasStruck(); occasion += 1) {
    // The first time as planned; then as well as can be, so that the point is reached.
    const sends = occasion === 1 ? plan.sends : [{ signer: (run + occasion) % signersCount, isCall: false }];
    chain.misbehave(occasion === 1 ? plan.faults : null);
    await provoke(world, { chain, at, plan: { ...plan, sends }, armed });
    const ms = point.needs === 'reorg' ? reorgMomentMsMax : momentMsMax;

    await Promise.race([armed.struck, wait(ms)]);
  }
  await armed.disarm();
  if (!armed.hasStruck()) await killSomebody(world, run);
}

interface Occasion {
  chain: FaultyChain;
  at: number;
  plan: ChainPlan;
  armed: ArmedKill;
}

async function provoke(world: World, occasion: Occasion): Promise<void> {
  const { chain, at, plan, armed } = occasion;
  const before = await chain.height();
  const snapshots: string[] = [];
  // One for each attempt to go back: each is good for one.
  for (let count = 0; plan.reorg && count < goBackAttempts; count += 1)
    snapshots.push(await chain.rpc<string>('evm_snapshot', []));
  if (plan.idleMs !== null) await chain.rpc('evm_setAutomine', [false]);
  const posted = await Promise.all(
    plan.sends.map(({ signer, isCall }) =>
      (isCall ? callBox : deployBox)(world, at, world.signers[signer]?.id ?? ''),
    ),
  );
  const [first] = posted;
  if (plan.idleMs !== null) {
    if (plan.wish !== null && first) await fulfil(world, occasion, first, plan.wish);
    if (plan.wish === null || !armed.hasStruck()) await wait(plan.idleMs);
    await chain.rpc('evm_setAutomine', [true]);
    await chain.rpc('anvil_mine', ['0x1']);
  }
  if (plan.reorg) {
    await untilMined(world, posted);
    await goBack(world, chain, { before, snapshots, ...plan.reorg });
  }
}

/** The owner asks while the deployment waits to be mined; then the platform has time to do so. */
async function fulfil(
  world: World,
  { armed }: Occasion,
  deployment: AcceptedDeployment,
  wish: 'speed-up' | 'cancel',
): Promise<void> {
  const { id } = deployment;
  const isOut = (told: { status: string }) => told.status === 'signed' || told.status === 'broadcast';
  if (!(await untilDeployment(world, id, { wanted: isOut, ms: wishMsMax }))) return;
  const { status } = await send(world.platform, `POST /api/v1/deployments/${id}/${wish}`, {
    body: wish === 'speed-up' ? { feePolicy: 'fast' } : undefined,
  });
  // A conflict: it has ended meanwhile, as any wish may come too late.
  if (status === 409) return;
  if (status > 299) throw new Error(`the wish to ${wish} was answered with ${status}`);
  world.wishes.push(wish);
  if (wish === 'cancel') deployment.mayBeCancelled = true;
  const isReplaced = ({ attempts }: { attempts: unknown[] }) => armed.hasStruck() || attempts.length > 1;
  await untilDeployment(world, id, { wanted: isReplaced, ms: wishMsMax });
}

async function untilMined(world: World, deployments: readonly AcceptedDeployment[]): Promise<void> {
  const isMined = ({ status }: { status: string }) => status === 'mined' || status === 'confirmed';
  await Promise.any(
    deployments.map(async ({ id }) => {
      if (!(await untilDeployment(world, id, { wanted: isMined, ms: momentMsMax })))
        throw new Error('not mined');
    }),
  ).catch(() => {
    // Then the chain goes back without.
  });
}

async function goBack(
  world: World,
  chain: FaultyChain,
  how: { before: number; snapshots: string[]; depth: number; rival: boolean },
): Promise<void> {
  const missing = how.depth - ((await chain.height()) - how.before);
  if (missing > 0) await chain.rpc('anvil_mine', [`0x${missing.toString(16)}`]);
  const depth = await chain.alone(async (rpc) => {
    const height = await standstill(rpc);
    for (const snapshot of how.snapshots.toReversed()) {
      await rpc('evm_revert', [snapshot]);
      if (how.rival) await rpc('anvil_mine', [`0x${(height - how.before + 1).toString(16)}`]);
      if (await isWhole(rpc, how.before)) break;
      if (snapshot === how.snapshots[0]) throw new Error('the chain is not whole after it went back');
    }
    // What was told to mine at once forgets it with the state.
    await rpc('evm_setAutomine', [true]);
    return height - how.before;
  });
  world.reorgDepths.push(depth);
}

/**
 * Anvil takes bytes and mines them a moment later by itself: going back in the middle of that leaves it with a block whose
 * state it has forgotten, as no chain has. @returns the height at which nothing moves any more
 */
async function standstill(rpc: FaultyChain['rpc']): Promise<number> {
  await rpc('evm_setAutomine', [false]);
  let height = -1;
  for (let same = 0; same < sameHeights; ) {
    const now = Number(await rpc<string>('eth_blockNumber', []));
    same = now === height ? same + 1 : 0;
    height = now;
    await wait(50);
  }
  return height;
}

/** @returns true when every block from this height on is there, and stands on the one before it */
async function isWhole(rpc: FaultyChain['rpc'], from: number): Promise<boolean> {
  const newest = Number(await rpc<string>('eth_blockNumber', []));
  let parent: string | undefined;
  for (let number = from; number <= newest; number += 1) {
    const block = await rpc<{ hash: string; parentHash: string } | null>('eth_getBlockByNumber', [
      `0x${number.toString(16)}`,
      false,
    ]);
    if (!block || (parent !== undefined && block.parentHash !== parent)) return false;
    parent = block.hash;
  }
  return newest >= from;
}
