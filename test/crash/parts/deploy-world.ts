import { setTimeout as wait } from 'node:timers/promises';
import { ask } from './ask.ts';
import { signersCount } from './deploy-plan.ts';
import type { FaultyChain } from './faulty-chain.ts';
import type { Member } from './fleet.ts';
import type { AcceptedDeployment, ToldDeployment } from './judge-deployments.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';
import { ownerOfPort } from './socket-owner.ts';

/** All that the proof has in its hands. */
export interface World {
  platform: PlatformUnderTest;
  chains: readonly FaultyChain[];
  buildId: string;
  signers: readonly Signer[];
  /** On each chain, a contract that stood there before anything went wrong: what is called. */
  targets: readonly Target[];
  accepted: AcceptedDeployment[];
  kills: { run: number; at: number; point: string }[];
  /** How many blocks each reorg took back. */
  reorgDepths: number[];
  /** What owners asked for, as far as it was accepted. */
  wishes: ('speed-up' | 'cancel')[];
}

export interface Target {
  id: string;
  /** In lower case. */
  address: string;
}

export interface Signer {
  id: string;
  address: string;
}

/** The name of a chain's network, as the platform is told it. */
export const networkOf = ({ chainId }: Pick<FaultyChain, 'chainId'>) => `chain-${chainId}`;

/** A build to deploy, and signers that nobody else has. */
export async function prepareWorld(
  platform: PlatformUnderTest,
  chains: readonly FaultyChain[],
): Promise<World> {
  const source = `pragma solidity ^0.8.20; contract Box {
    event Put(uint256 given); uint256 public v; constructor(uint256 given) { v = given; }
    function put(uint256 given) external { v = given; emit Put(given); } }`;
  const built = await send<{ subjectId: string; state: string }>(platform, 'POST /api/v1/contracts/compile', {
    body: { sources: { 'Box.sol': source } },
    headers: { prefer: 'wait=60' },
  });
  if (built.body.state !== 'succeeded') throw new Error(`no build: ${JSON.stringify(built.body)}`);
  const world: World = {
    ...{ platform, chains, buildId: built.body.subjectId, signers: [], targets: [] },
    ...{ accepted: [], kills: [], reorgDepths: [], wishes: [] },
  };
  const signers: Signer[] = [];
  for (let at = 1; at <= signersCount; at += 1) signers.push(await makeSigner(world, `signer ${at}`));
  // A node that shows how it was some blocks ago shows the money too.
  for (const chain of chains) await chain.rpc('anvil_mine', ['0x10']);
  const targets: Target[] = [];
  for (const at of chains.keys()) targets.push(await makeTarget({ ...world, signers }, at));
  return { ...world, signers, targets };
}

async function makeTarget(world: World, at: number): Promise<Target> {
  const { id } = await deployBox(world, at, world.signers[0]?.id ?? '');
  const isMined = ({ status }: { status: string }) => status === 'mined' || status === 'confirmed';
  await untilDeployment(world, id, { wanted: isMined, ms: targetMsMax });
  await world.chains[at]?.rpc('anvil_mine', ['0x8']);
  const wanted = ({ status }: { status: string }) => status === 'confirmed';
  const told = await untilDeployment(world, id, { wanted, ms: targetMsMax });
  if (!told?.address) throw new Error(`nothing to call: ${JSON.stringify(told)}`);
  return { id, address: told.address.toLowerCase() };
}

const targetMsMax = 20_000;

/** A new signer with money on every chain. */
export async function makeSigner({ platform, chains }: World, name: string): Promise<Signer> {
  const { status, body } = await send<Signer>(platform, 'POST /api/v1/signers', { body: { name } });
  if (status !== 201) throw new Error(`no signer: ${JSON.stringify(body)}`);
  const balance = `0x${(10n ** 24n).toString(16)}`;
  for (const chain of chains) await chain.rpc('anvil_setBalance', [body.address, balance]);
  return body;
}

/** Asks an API process that is up. */
export function send<Body>(
  platform: PlatformUnderTest,
  route: string,
  options: Parameters<typeof ask>[2] = {},
) {
  const url = platform.fleet.url();
  if (url === null) throw new Error('no API process is up');
  return ask<Body>(url, route, { key: platform.apiKey, ...options });
}

/** @returns an argument that nothing else has */
function nextValue(): bigint {
  given += 1n;
  return 0xabcdef0000000000n + given;
}

/** Sends what asks for a deployment with a constructor argument of its own. @returns the platform's answer */
export async function tryDeploy({ platform, chains, buildId }: World, chain: number, signer: string) {
  const value = nextValue();
  const network = networkOf(chains[chain] as FaultyChain);
  const answer = await send<{ subjectId: string; code?: string }>(platform, 'POST /api/v1/contracts/deploy', {
    body: { buildId, network, signer, constructorArgs: [value.toString()] },
    headers: { 'idempotency-key': `deployment-${value}` },
  });
  return { ...answer, value };
}

let given = 0n;

/** Asks for a deployment that has to be accepted: the API is not what is killed here. @returns what is now owed */
export async function deployBox(world: World, chain: number, signer: string): Promise<AcceptedDeployment> {
  const { status, body, value } = await tryDeploy(world, chain, signer);
  if (status !== 202) throw new Error(`a deployment was answered with ${status}: ${JSON.stringify(body)}`);
  const deployment: AcceptedDeployment = { id: body.subjectId, chain, value };
  world.accepted.push(deployment);
  return deployment;
}

/** Asks for a call that has to be accepted, with an argument of its own. @returns what is now owed */
export async function callBox(world: World, chain: number, signer: string): Promise<AcceptedDeployment> {
  const value = nextValue();
  const target = world.targets[chain];
  const route = `POST /api/v1/deployments/${target?.id}/transactions`;
  const { status, body } = await send<{ subjectId: string }>(world.platform, route, {
    body: { function: 'put', args: [value.toString()], signer },
    headers: { 'idempotency-key': `call-${value}` },
  });
  if (status !== 202) throw new Error(`a call was answered with ${status}: ${JSON.stringify(body)}`);
  const call: AcceptedDeployment = { id: body.subjectId, chain, value, calls: target?.address ?? '' };
  world.accepted.push(call);
  return call;
}

/** Waits until a deployment is as wanted. @returns how it is then; null when it was not so within `ms` */
export async function untilDeployment(
  { platform }: World,
  id: string,
  options: { wanted: (told: ToldDeployment) => boolean; ms: number },
): Promise<ToldDeployment | null> {
  const end = performance.now() + options.ms;
  do {
    const { status, body } = await send<ToldDeployment>(platform, `GET /api/v1/deployments/${id}`);
    if (status === 200 && options.wanted(body)) return body;
    await wait(30);
  } while (performance.now() < end);
  return null;
}

/** @returns how many deployments have not ended */
export async function countOpen({ platform }: World): Promise<number> {
  const rows = await platform.database.query<{ open: number }>(
    `select count(*)::int as open from deployments where completed_at is null`,
  );
  return rows[0]?.open ?? 0;
}

/** @returns the worker that is this process; null when it is no worker, or gone */
export function findWorker({ platform }: World, pid: number | null): Member | null {
  return platform.fleet.up('worker').find((member) => member.pid === pid) ?? null;
}

/** @returns the worker that a connection comes from; null when it is no worker's, or the worker is gone */
export function workerAt(world: World, port: number): Member | null {
  const up = world.platform.fleet.up('worker').map(({ pid }) => pid);
  return findWorker(world, ownerOfPort(port, up));
}

/** SIGKILL, a line in the record, and another one is on its way up, as with any supervisor. */
export async function killWorker(
  world: World,
  member: Member,
  note: { run: number; point: string },
): Promise<void> {
  const { at } = await world.platform.fleet.kill(member);
  world.kills.push({ ...note, at });
  world.platform.fleet.start().catch(() => {
    // The fleet has complained of it, which counts; the end of the run tries again.
  });
}

/** Kills some worker that is up, whatever it does. */
export async function killSomebody(world: World, run: number): Promise<void> {
  const up = world.platform.fleet.up('worker');
  const member = up[run % Math.max(1, up.length)];
  if (member) await killWorker(world, member, { run, point: 'at random' });
}
