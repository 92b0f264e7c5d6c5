import { encodeFunctionData, getAddress, getContractAddress, isAddressEqual, parseAbi } from 'viem';
import type { ProxyKind } from '../audit/upgrade-safety.ts';
import { readImplementation } from '../chain/read-implementation.ts';
import type { ChainClient, Hex } from '../chain/types.ts';
import { codeMatchesBuild } from '../deploy/compare-code.ts';
import { fail as refuse } from '../deploy/errors.ts';
import { newId } from '../lib/ids.ts';
import { invariant } from '../lib/invariant.ts';
import { encodeCall } from '../solidity/encode-call.ts';
import type { AbiItem } from '../solidity/types.ts';
import { completeBuild, getDeployableBuild, newBuild } from '../store/builds.ts';
import { insertCompilation, type PackedCompilation, packCompilation } from '../store/compilations.ts';
import type { Reader, Tx } from '../store/db.ts';
import { lockStanding } from '../store/deployment-states.ts';
import { type DeployedProxy, findProxy, isUpgrading, type NewDeployment } from '../store/deployments.ts';
import { fail as missing } from '../store/errors.ts';
import { insertRow } from '../store/new-row.ts';
import type { DeployRequest } from '../store/pipelines.ts';
import type { JobWithResult } from '../store/results.ts';
import { keepSources } from '../store/source-sets.ts';
import { admitJob } from './admit-job.ts';
import { type BuildContract, checkImplementation } from './check-upgrade.ts';
import { fail } from './errors.ts';
import { performJob } from './perform-job.ts';
import { chooseArtifact, planDeployment } from './plan-deployment.ts';
import type { ActionContext, Platform } from './platform.ts';
import { compileProxies, proxyRequest } from './proxy-contracts.ts';
import { planSent, type SentCall } from './request-call.ts';
import { createDeployment, type DeploymentRequest, planRequested } from './request-deployment.ts';
import { ownershipOf } from './request-generation.ts';

/** What stands before an implementation. */
export interface ProxyRequest {
  kind: ProxyKind;
  /** The call that the proxy makes of its implementation in the transaction that creates it; null for none. */
  initialize: { function: string; args?: unknown } | null;
  /** Who may upgrade: of the admin of a transparent proxy, or of the beacon. The signer when absent. */
  owner?: Hex | undefined;
}

/** The implementation's address follows from its code: an equal one is not deployed twice. */
const noSalt: Hex = `0x${'0'.repeat(64)}`;

const admin = parseAbi([
  'function upgradeAndCall(address proxy, address implementation, bytes data) payable',
]);
const uups = parseAbi(['function upgradeToAndCall(address implementation, bytes data) payable']);
const beaconAbi = parseAbi(['function upgradeTo(address implementation)']);

/**
 * Asks for a proxy with its implementation (and its beacon): a deployment each, made in one transaction of the database, of
 * which each waits for the one before. The initialiser is called in the transaction that creates the proxy, so that nobody can
 * come in between.
 *
 * @returns the job of the proxy
 * @throws AppError `upgrade-unsafe`, `proxy-not-simulated`, and those of `requestDeployment`
 */
export async function requestProxy(
  platform: Platform,
  context: ActionContext,
  request: DeploymentRequest & { proxy: ProxyRequest },
): Promise<JobWithResult> {
  const { proxy, salt, value, ...asked } = request;
  const { ownerId } = context.actor;
  const { read } = platform.store;
  if (request.dryRun) throw fail('proxy-not-simulated', {}, { place: { pointer: '/dryRun' } });
  const contract = await contractOf(read, ownerId, request);
  const warnings = await checkImplementation(platform, read, { ownerId, kind: proxy.kind, contract });
  const contracts = await compileProxies(platform);
  const packed = await packCompilation(read, contracts);
  return performJob(platform, context, async (tx) => {
    const code = await planRequested(platform, tx.sql, context, { ...asked, salt: noSalt });
    await admitJob(platform, tx, context);
    await createDeployment(tx, { ...code, warnings: [...code.warnings, ...warnings] }, context);
    const implementation = addressOf(code);
    const data = initializerOf(code.plan.abi, proxy.initialize);
    const buildId = await keepProxies(tx, context, packed);
    const owner = proxy.owner ?? code.plan.from;
    const plan = (name: string, constructorArgs: unknown[], more: Partial<DeployRequest> = {}) =>
      planDeployment(platform, tx.sql, {
        ...ownershipOf(context),
        ...{ buildId, contract: name, auditId: null, pipelineId: null, gate: null },
        deploy: { ...termsOf(asked), ...more, constructorArgs },
      });
    const toProxy = { ...(salt === undefined ? {} : { salt }), ...(value === undefined ? {} : { value }) };
    let before = code;
    let made: NewDeployment;
    if (proxy.kind === 'beacon') {
      const beacon = waiting(await plan('Beacon', [implementation, owner], { salt: saltOf(code) }), code);
      await admitJob(platform, tx, context);
      await createDeployment(
        tx,
        { ...beacon, implementationId: code.id, proxy: { kind: 'beacon' } },
        context,
      );
      before = beacon;
      made = await plan('BeaconedProxy', [addressOf(beacon), data], toProxy);
    } else if (proxy.kind === 'transparent')
      made = await plan('TransparentProxy', [implementation, owner, data], toProxy);
    else made = await plan('UUPSProxy', [implementation, data], toProxy);
    const whole = {
      ...behind(waiting(made, before), code.plan.abi),
      implementationId: code.id,
      proxy: { kind: proxy.kind, ...(before === code ? {} : { beaconId: before.id }) },
      warnings: [...made.warnings, ...warnings],
    };
    return { kind: 'deploy', ...(await createDeployment(tx, whole, context)) };
  });
}

export type UpgradeRequest = Omit<SentCall, 'function' | 'args' | 'value'> &
  Pick<DeploymentRequest, 'buildId' | 'contract' | 'auditId' | 'gate' | 'constructorArgs'> & {
    /** Called on the new implementation in the same transaction, on the proxy's storage. */
    call?: { function: string; args?: unknown };
    /** The build of what stands there now, where that was put there elsewhere. */
    current?: { buildId: string; contract?: string };
  };

/**
 * Asks for another implementation behind a proxy: it is compared with the one that the chain says stands there, deployed, and
 * then put in its place by a transaction.
 *
 * @returns the job of that transaction
 * @throws AppError `not-found`, `not-a-proxy`, `upgrade-unsafe`, `upgrade-under-way`, `beacon-calls-nothing`,
 * `implementation-changed`, `current-differs`, and those of a deployment
 */
export async function requestUpgrade(
  platform: Platform,
  context: ActionContext,
  request: UpgradeRequest,
): Promise<JobWithResult> {
  const { ownerId } = context.actor;
  const { read } = platform.store;
  const proxy = await findProxy(read, ownerId, request.id);
  if (!proxy) throw missing('not-found', { what: 'deployment', id: request.id });
  const { kind, address, implementation } = proxy;
  if (!kind || !implementation) throw fail('not-a-proxy', { id: request.id });
  if (proxy.status !== 'confirmed' || address === null)
    throw fail('deployment-not-there', { id: request.id, status: proxy.status });
  if (kind === 'beacon' && request.call)
    throw fail('beacon-calls-nothing', {}, { place: { pointer: '/call' } });
  const contract = await contractOf(read, ownerId, request);
  const chain = await platform.chains.connect(proxy.network);
  const there = await readImplementation(chain, { address, isBeacon: kind === 'beacon' });
  const checked = {
    ownerId,
    kind,
    contract,
    before: await standing(read, chain, { there, proxy, request, ownerId }),
  };
  const warnings = await checkImplementation(platform, read, checked);
  return performJob(platform, context, async (tx) => {
    // One after the other: what was compared has to be what stands there.
    await lockStanding(tx, proxy.id);
    const now = await findProxy(tx.sql, ownerId, request.id);
    const isSame = now?.implementation && sameContract(now.implementation, implementation);
    if (!isSame || (await isUpgrading(tx.sql, proxy.id))) throw fail('upgrade-under-way', { id: request.id });
    const code = await planRequested(platform, tx.sql, context, {
      ...codeOf(request),
      ...{ network: proxy.network, signer: request.signer ?? proxy.signerId, salt: noSalt },
    });
    await admitJob(platform, tx, context);
    await createDeployment(tx, { ...code, warnings: [...code.warnings, ...warnings] }, context);
    const data = initializerOf(code.plan.abi, request.call ?? null);
    const call = upgradeCall({ kind, address }, addressOf(code), data);
    const change = await planChange(platform, tx.sql, context, { request, proxy, code, call, before: there });
    return { kind: 'deploy', ...(await createDeployment(tx, change, context)) };
  });
}

/**
 * The contract whose code stands behind a proxy by the chain's word: the one that was put there here, or the one that the
 * caller names, whose code is compared.
 */
async function standing(
  read: Reader,
  chain: ChainClient,
  given: { there: Hex; proxy: DeployedProxy; request: UpgradeRequest; ownerId: string },
): Promise<BuildContract> {
  const { there, proxy, request, ownerId } = given;
  const { current } = request;
  const { address, implementation } = proxy;
  invariant(address && implementation, 'a proxy that is upgraded has an address and code');
  if (!current) {
    const { address: expected } = implementation;
    if (expected !== null && isAddressEqual(there, expected)) return implementation;
    throw refuse(
      'implementation-changed',
      { address, actual: there, expected: expected ?? 'none' },
      { place: { pointer: '/current' }, data: { actual: there } },
    );
  }
  const artifact = chooseArtifact(
    await getDeployableBuild(read, ownerId, { id: current.buildId, contract: current.contract }),
  );
  const { runtimeBytecode: bytecode, immutableReferences, contract: name, file } = artifact;
  if (!codeMatchesBuild(await chain.code(there), { bytecode, immutableReferences })) {
    throw fail(
      'current-differs',
      { contract: name, address: there },
      { place: { pointer: '/current' }, data: { actual: there } },
    );
  }
  return { buildId: current.buildId, file, name };
}

function sameContract(one: BuildContract, other: BuildContract): boolean {
  return one.buildId === other.buildId && one.file === other.file && one.name === other.name;
}

interface UpgradeCall {
  to: Hex;
  data: Hex;
  function: string;
}

function upgradeCall(
  { kind, address }: { kind: ProxyKind; address: Hex },
  code: Hex,
  data: Hex,
): UpgradeCall {
  if (kind === 'uups') {
    const encoded = encodeFunctionData({ abi: uups, args: [code, data] });
    return { to: address, data: encoded, function: 'upgradeToAndCall(address,bytes)' };
  }
  if (kind === 'beacon') {
    const encoded = encodeFunctionData({ abi: beaconAbi, args: [code] });
    return { to: address, data: encoded, function: 'upgradeTo(address)' };
  }
  // The proxy made its admin in its constructor: the first contract that it created (EIP-161).
  const to = getContractAddress({ from: address, nonce: 1n });
  const encoded = encodeFunctionData({ abi: admin, args: [address, code, data] });
  return { to, data: encoded, function: 'upgradeAndCall(address,address,bytes)' };
}

async function planChange(
  platform: Platform,
  read: Reader,
  context: ActionContext,
  given: {
    request: UpgradeRequest;
    proxy: DeployedProxy;
    code: NewDeployment;
    call: UpgradeCall;
    before: Hex;
  },
): Promise<NewDeployment> {
  const { request, proxy, code, call, before } = given;
  const { feePolicy, feeCaps, confirmations, signer = proxy.signerId } = request;
  invariant(proxy.address, 'a proxy that is upgraded has an address');
  const isBeacon = proxy.kind === 'beacon';
  const upgrade = { address: proxy.address, isBeacon, before, after: addressOf(code) };
  const change = await planSent(platform, read, context, {
    ...{ network: proxy.network, buildId: code.buildId, contract: code.contract },
    ...{
      target: { id: proxy.id, ...call, upgrade },
      args: [addressOf(code), ...(request.call ? [request.call] : [])],
    },
    abi: withProxyErrors(code.plan.abi),
    terms: { signer, feePolicy, feeCaps, confirmations },
  });
  return { ...waiting(change, code), implementationId: code.id };
}

/** The contract that was asked for, by file and name. */
async function contractOf(
  read: Reader,
  ownerId: string,
  { buildId, contract }: Pick<DeploymentRequest, 'buildId' | 'contract'>,
): Promise<BuildContract> {
  const artifact = chooseArtifact(await getDeployableBuild(read, ownerId, { id: buildId, contract }));
  return { buildId, file: artifact.file, name: artifact.contract };
}

/** Encodes what the proxy calls of its implementation. @throws AppError `function-…` */
function initializerOf(abi: AbiItem[], call: { function: string; args?: unknown } | null): Hex {
  return call === null ? '0x' : encodeCall(abi, call).data;
}

/** The proxies' build, in the caller's account. @returns its id */
async function keepProxies(tx: Tx, context: ActionContext, packed: PackedCompilation): Promise<string> {
  const id = newId();
  const sourcesHash = await keepSources(tx, proxyRequest.sources);
  await insertCompilation(tx, packed);
  insertRow(tx, newBuild({ ...ownershipOf(context), id, request: proxyRequest, sourcesHash }));
  const { prepared } = packed.outcome;
  completeBuild(tx, {
    ...{ id, ok: true, inputHash: prepared.inputHash, cached: true, entry: prepared.entry },
    ...{ chosen: packed.outcome.chosen ?? null, error: null },
  });
  return id;
}

/** Calls of a proxy are by the ABI of what stands behind it; its creation fails with the errors of both. */
function behind(deployment: NewDeployment, implementation: AbiItem[]): NewDeployment {
  const { abi } = deployment.plan;
  const own = abi.filter(({ type }) => type === 'constructor' || type === 'error' || type === 'event');
  const theirs = implementation.filter(({ type }) => type !== 'constructor');
  return { ...deployment, plan: { ...deployment.plan, abi: [...own, ...theirs] } };
}

/** Who may not upgrade is told so by the admin or beacon. */
function withProxyErrors(abi: AbiItem[]): AbiItem[] {
  const errors = parseAbi([
    'error OwnableUnauthorizedAccount(address account)',
    'error ERC1967InvalidImplementation(address implementation)',
    'error UUPSUnsupportedProxiableUUID(bytes32 slot)',
    'event Upgraded(address indexed implementation)',
  ]) as unknown as AbiItem[];
  return [...abi, ...errors.filter(({ name }) => abi.every((item) => item.name !== name))];
}

function waiting(deployment: NewDeployment, after: NewDeployment): NewDeployment {
  return { ...deployment, plan: { ...deployment.plan, after: [after.id] } };
}

function addressOf({ plan }: NewDeployment): Hex {
  return getAddress(plan.create2?.address ?? plan.from);
}

/** A beacon of its own for each, at an address that is known before. */
function saltOf({ id }: NewDeployment): Hex {
  return `0x${id.replaceAll('-', '').padStart(64, '0')}`;
}

function termsOf(request: DeployRequest): DeployRequest {
  const { network, signer, feePolicy, feeCaps, confirmations, verify, commit } = request;
  return {
    network,
    ...(signer === undefined ? {} : { signer }),
    ...(feePolicy === undefined ? {} : { feePolicy }),
    ...(feeCaps === undefined ? {} : { feeCaps }),
    ...(confirmations === undefined ? {} : { confirmations }),
    ...(verify === undefined ? {} : { verify }),
    ...(commit === undefined ? {} : { commit }),
  };
}

function codeOf(request: UpgradeRequest): Omit<DeploymentRequest, 'network'> {
  const { buildId, contract, auditId, gate, constructorArgs, feePolicy, feeCaps, confirmations } = request;
  return {
    ...{ buildId, gate },
    ...(contract === undefined ? {} : { contract }),
    ...(auditId === undefined ? {} : { auditId }),
    ...(constructorArgs === undefined ? {} : { constructorArgs }),
    ...(feePolicy === undefined ? {} : { feePolicy }),
    ...(feeCaps === undefined ? {} : { feeCaps }),
    ...(confirmations === undefined ? {} : { confirmations }),
  };
}
