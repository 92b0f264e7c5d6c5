import { type Selectable, sql } from 'kysely';
import type { GateDecision } from '../audit/types.ts';
import type { ProxyKind } from '../audit/upgrade-safety.ts';
import type { Hex, StoredKey } from '../chain/types.ts';
import type { LoggedEvents, Message } from '../deploy/messages.ts';
import { terminalStatuses } from '../deploy/reduce.ts';
import type {
  Attempt,
  DeployPlan,
  DeployState,
  DeployStatus,
  GivenSignature,
  ReplacementRequest,
} from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { bound, json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import type { NewRow } from './new-row.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { DeploymentsTable } from './schema.ts';
import type { SignerPolicy } from './signers.ts';

/** A deployment as its owner sees it. */
export interface Deployment {
  id: string;
  status: DeployStatus;
  network: string;
  chainId: number;
  buildId: string;
  auditId: string | null;
  pipelineId: string | null;
  signerId: string;
  contract: { file: string; name: string };
  constructorArgs: unknown[];
  /** What is called, where it is no creation but a call that changes something. */
  call: DeploymentCall | null;
  /** The revision of the sources, as it was given. */
  commit: string | null;
  /** Of a proxy or beacon. */
  proxy: ProxyFacts | null;
  /** The deployment whose code a proxy has since its creation, or gets by this upgrade. */
  implementationId: string | null;
  from: Hex;
  /** Where the contract stands; before it is mined null, and then see `predictedAddress`. */
  address: Hex | null;
  predictedAddress: Hex | null;
  transactionHash: Hex | null;
  nonce: number | null;
  /** Every set of bytes that was signed for the nonce, oldest first; `transactionHash` is the one that counts. */
  attempts: DeploymentAttempt[];
  /** `existing` where the contract stood at its CREATE2 address already; null before it is confirmed. */
  source: DeployState['source'];
  /** Why no replacement can be made although nothing is mined. */
  stuck: StoredError | null;
  /** What was asked last to be done about bytes that are under way. */
  replacementRequest: ReplacementRequest | null;
  blockNumber: number | null;
  blockHash: Hex | null;
  /** Decimal strings: gas units, and wei really paid for gas. */
  gasUsed: string | null;
  costWei: string | null;
  /** Whether the runtime code at the address equals the build; null before it was compared. */
  codeMatches: boolean | null;
  estimate: DeployState['estimate'];
  gate: GateDecision | null;
  warnings: string[];
  error: StoredError | null;
  /** Of its last event. */
  seq: number;
  createdAt: string;
  completedAt: string | null;
}

/** How a proxy finds its code. */
export interface ProxyFacts {
  kind: ProxyKind;
  /** The deployment of the beacon that a proxy asks. */
  beaconId?: string;
}

/** A call of a deployed contract that changes something. */
export interface DeploymentCall {
  /** The deployment whose contract is called. */
  deploymentId: string;
  /** The contract. */
  to: Hex;
  /** The function's signature. */
  function: string;
  args: unknown;
  /** Wei, decimal string. */
  value: string;
  /** What it logged; null before it is confirmed. */
  events: LoggedEvents | null;
}

/** One set of signed bytes, without the bytes. */
export type DeploymentAttempt = Pick<Attempt, 'hash' | 'fees' | 'gasLimit' | 'reason' | 'empty' | 'signedAt'>;

export interface NewDeployment extends Ownership {
  id: string;
  pipelineId: string | null;
  buildId: string;
  auditId: string | null;
  signerId: string;
  network: string;
  contract: { file: string; name: string };
  constructorArgs: unknown[];
  /** Of a call: whose contract is called, and with what. */
  call?: { targetId: string; args: unknown };
  /** Of a proxy or beacon: how it finds its code. */
  proxy?: ProxyFacts;
  /** Whose code a proxy gets, at first or by an upgrade. */
  implementationId?: string;
  commit?: string | undefined;
  warnings: string[];
  plan: DeployPlan;
  gate: GateDecision | null;
  /** The deployment that this one tries anew; no other one may do that. */
  retryOf?: string | null;
  /** The plan for many chains that it is a part of; that of the one it tries anew when absent. */
  planId?: string | null;
}

/** The row of a deployment that nobody has begun. */
export function newDeployment(deployment: NewDeployment): NewRow {
  const { id, ownerId, userId, projectId, pipelineId, buildId, auditId, signerId, network } = deployment;
  const { contract, constructorArgs, warnings, plan, gate, retryOf = null, planId = null } = deployment;
  const { call, commit, proxy, implementationId } = deployment;
  const request: StoredRequest = {
    ...{ constructorArgs, warnings },
    ...(call ? { args: call.args } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
  return {
    id,
    text: `insert into deployments (id, owner_id, created_by, project_id, pipeline_id, build_id, audit_id, signer_id,
        network, chain_id, contract_file, contract_name, request, plan, gate, from_address, retry_of, target_id, proxy,
        implementation_id, plan_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
        coalesce($21, (select plan_id from deployments where id = $17)))`,
    values: [
      ...[id, ownerId, userId, projectId, pipelineId, buildId, auditId, signerId, network, plan.chainId],
      ...[contract.file, contract.name, json(request), json(plan)],
      ...[gate ? json(gate) : null, plan.from, retryOf, call?.targetId ?? null],
      ...[proxy ? json(proxy) : null, implementationId ?? null, planId],
    ],
    toView: (createdAt): Deployment => ({
      ...{
        id,
        network,
        chainId: plan.chainId,
        buildId,
        auditId,
        pipelineId,
        signerId,
        contract,
        constructorArgs,
      },
      ...{ status: 'queued', from: plan.from, gate, warnings, seq: 0, createdAt: createdAt.toISOString() },
      ...{
        call: callOf(plan, { targetId: call?.targetId ?? null, args: call?.args }),
        commit: commit ?? null,
      },
      ...{ proxy: proxy ?? null, implementationId: implementationId ?? null },
      ...nothingYet,
    }),
  };
}

/** What was asked for, as far as neither the plan nor a column of its own has it. */
interface StoredRequest {
  constructorArgs: unknown[];
  warnings: string[];
  /** Of a call. */
  args?: unknown;
  commit?: string;
}

/** Of a deployment before its first fact. */
const nothingYet = {
  address: null,
  predictedAddress: null,
  transactionHash: null,
  nonce: null,
  attempts: [],
  source: null,
  stuck: null,
  replacementRequest: null,
  blockNumber: null,
  blockHash: null,
  gasUsed: null,
  costWei: null,
  codeMatches: null,
  estimate: null,
  error: null,
  completedAt: null,
};

/** Everything the deploy job needs to go on. */
export interface DeploymentWork {
  id: string;
  ownerId: string;
  network: string;
  signerId: string;
  /** Whose contract is called; null for a creation. */
  targetId: string | null;
  /** Deployments that it waits for. */
  after: { id: string; state: DeployStatus }[];
  state: DeployStatus;
  plan: DeployPlan;
  messages: Message[];
  request: ReplacementRequest | null;
  /** What was signed elsewhere. */
  signature: GivenSignature | null;
  /** How the key is kept, and what the row has of it. */
  signerKind: string;
  storedKey: StoredKey;
  signerName: string;
  signerPolicy: SignerPolicy;
  /** The chain that the signed bytes were made for; null when nothing is signed. */
  signedFor: SignedFor | null;
}

/** `current` is false when the chain was made anew since. */
export interface SignedFor {
  current: boolean;
  genesisHash: Hex;
}

/** In one statement: it is asked for at every turn of every deployment. */
export async function loadDeploymentWork(read: Reader, id: string): Promise<DeploymentWork> {
  const { rows } = await sql<
    Omit<DeploymentWork, 'messages' | 'after'> & {
      messages: Message[] | null;
      after: DeploymentWork['after'] | null;
    }
  >`
    select deployments.id, deployments.owner_id as "ownerId", network, signer_id as "signerId", target_id as "targetId",
      state, plan,
      replacement_request as request, signature, signers.kind as "signerKind", sealed_key as "storedKey",
      signers.name as "signerName", signers.policy as "signerPolicy",
      (select json_agg(message order by seq) from deployment_journal where deployment_id = deployments.id) as messages,
      case when plan ? 'after' then (select json_agg(json_build_object('id', id, 'state', state)) from deployments as needed
        where needed.id::text in (select jsonb_array_elements_text(deployments.plan->'after'))) end as after,
      (select json_build_object('current', transactions.epoch = chains.epoch, 'genesisHash', genesis_hash)
        from transactions join chains using (chain_id) where deployment_id = deployments.id limit 1) as "signedFor"
    from deployments join signers on signers.id = signer_id
    where deployments.id = ${id}`.execute(read);
  const row = rows[0];
  if (!row) throw fail('not-found', { what: 'deployment', id });
  return { ...row, messages: row.messages ?? [], after: row.after ?? [] };
}

/** Signed bytes as they are recorded before they leave. */
export interface NewTransaction {
  chainId: number;
  epoch: number;
  address: string;
  nonce: number;
  /** Null for one that fills a gap. */
  deploymentId: string | null;
  kind: 'create' | 'replacement' | 'cancellation' | 'fill';
  hash: string;
  raw: string;
  /** What it may cost at most, wei. */
  costMax: bigint;
}

/** Records signed bytes under their nonce; the unique index refuses a second creation for one nonce. */
export function insertTransaction(tx: Tx, transaction: NewTransaction): void {
  const { chainId, epoch, address, nonce, deploymentId, kind, hash, raw, costMax } = transaction;
  const text = `insert into transactions (id, chain_id, epoch, address, nonce, deployment_id, kind, hash, raw, cost_max_wei)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
  tx.send(
    bound(text, [newId(), chainId, epoch, address, nonce, deploymentId, kind, hash, raw, costMax.toString()]),
  );
}

/** @throws AppError `not-found`, for a stranger's deployment too */
export async function getDeployment(read: Reader, ownerId: string, id: string): Promise<Deployment> {
  const row = await read
    .selectFrom('deployments')
    .selectAll()
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .executeTakeFirst();
  if (!row) throw fail('not-found', { what: 'deployment', id });
  return toDeployment(row);
}

/** What is needed to call a contract. */
export interface DeployedContract {
  network: string;
  status: DeployStatus;
  /** Null before it is mined, and for what is a call itself. */
  address: Hex | null;
  buildId: string;
  contract: { file: string; name: string };
  /** The signer that deployed it. */
  signerId: string;
  from: Hex;
  abi: DeployPlan['abi'];
}

/** @throws AppError `not-found`, for a stranger's deployment too */
export async function getDeployedContract(
  read: Reader,
  ownerId: string,
  id: string,
): Promise<DeployedContract> {
  const { rows } = await sql<DeployedContract>`
    select network, state as status, address, from_address as "from", coalesce(${newestAbi}, plan->'abi') as abi, build_id as "buildId",
      json_build_object('file', contract_file, 'name', contract_name) as contract, signer_id as "signerId"
    from deployments where id = ${id} and owner_id = ${ownerId}`.execute(read);
  if (!rows[0]) throw fail('not-found', { what: 'deployment', id });
  return rows[0];
}

/** Of a proxy that was upgraded: the ABI of what it got last. */
const newestAbi = sql`(select code.plan->'abi' from deployments as change join deployments as code
  on code.id = change.implementation_id
  where change.target_id in (deployments.id, (deployments.proxy->>'beaconId')::uuid) and change.state = 'confirmed'
    and deployments.proxy is not null order by change.block_number desc, change.id desc limit 1)`;

/** What is needed to upgrade a proxy. */
export interface DeployedProxy {
  /** Of the deployment that an upgrade calls: the proxy, or its beacon. */
  id: string;
  network: string;
  status: DeployStatus;
  address: Hex | null;
  signerId: string;
  /** Null for what is no proxy. */
  kind: ProxyKind | null;
  /** What stands behind it now. */
  implementation: { buildId: string; file: string; name: string; address: Hex | null } | null;
}

/** @returns null when the owner has no deployment of this id */
export async function findProxy(read: Reader, ownerId: string, id: string): Promise<DeployedProxy | null> {
  const { rows } = await sql<DeployedProxy>`
    select called.id, called.network, called.state as status, called.address, called.signer_id as "signerId",
      called.proxy->>'kind' as kind,
      (select json_build_object('buildId', code.build_id, 'file', code.contract_file, 'name', code.contract_name,
          'address', code.address)
        from deployments as change join deployments as code on code.id = change.implementation_id
        where change.id = called.id or (change.target_id = called.id and change.state = 'confirmed')
        order by change.target_id is null, change.block_number desc, change.id desc limit 1) as implementation
    from deployments as asked join deployments as called on called.id = coalesce((asked.proxy->>'beaconId')::uuid, asked.id)
    where asked.id = ${id} and asked.owner_id = ${ownerId}`.execute(read);
  return rows[0] ?? null;
}

/** @returns whether an upgrade of this proxy or beacon has not ended yet */
export async function isUpgrading(read: Reader, id: string): Promise<boolean> {
  const open = await read
    .selectFrom('deployments')
    .select('id')
    .where('target_id', '=', id)
    .where('implementation_id', 'is not', null)
    .where('state', 'not in', terminalStatuses)
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/** What deployments are asked for; all of it has to hold. */
export interface DeploymentFilter {
  /** Calls of this one's contract; creations when absent. */
  targetId?: string | undefined;
  network?: string | undefined;
  status?: string | undefined;
  /** Id or name. */
  signer?: string | undefined;
  /** Of the contract, in any letter case. */
  address?: string | undefined;
  /** Of any set of bytes that was ever signed for it. */
  transactionHash?: string | undefined;
  /** The contract's name. */
  contract?: string | undefined;
  buildId?: string | undefined;
  /** ISO 8601; from then on, and before then. */
  from?: string | undefined;
  to?: string | undefined;
  /** A part of the contract's name, or how its address or a transaction's hash begins. */
  q?: string | undefined;
}

export async function listDeployments(
  read: Reader,
  ownerId: string,
  request: PageRequest & DeploymentFilter,
): Promise<Page<Deployment>> {
  const { limit, before } = pageBounds(request);
  const conditions = [
    sql`owner_id = ${ownerId}`,
    ...(before === undefined ? [] : [sql`id < ${before}`]),
    ...conditionsOf(request, ownerId),
  ];
  const { rows } = await sql<Selectable<DeploymentsTable>>`
    select * from deployments where ${sql.join(conditions, sql` and `)} order by id desc limit ${limit + 1}`.execute(
    read,
  );
  return toPage(rows, limit, toDeployment);
}

function conditionsOf(filter: DeploymentFilter, ownerId: string) {
  const { targetId, network, status, signer, address, transactionHash, contract, buildId, from, to, q } =
    filter;
  const hasHash = (pattern: string) =>
    sql`exists (select from transactions where deployment_id = deployments.id and hash like ${pattern})`;
  return [
    targetId === undefined ? sql`target_id is null` : sql`target_id = ${targetId}`,
    ...(network === undefined ? [] : [sql`network = ${network}`]),
    ...(status === undefined ? [] : [sql`state = ${status}`]),
    ...(signer === undefined
      ? []
      : [
          sql`signer_id in (select id from signers where owner_id = ${ownerId} and ${signer} in (id::text, name))`,
        ]),
    ...(address === undefined ? [] : [sql`lower(address) = ${address.toLowerCase()}`]),
    ...(transactionHash === undefined ? [] : [hasHash(transactionHash.toLowerCase())]),
    ...(contract === undefined ? [] : [sql`contract_name = ${contract}`]),
    ...(buildId === undefined ? [] : [sql`build_id = ${buildId}`]),
    ...(from === undefined ? [] : [sql`created_at >= ${from}`]),
    ...(to === undefined ? [] : [sql`created_at < ${to}`]),
    ...(q === undefined
      ? []
      : [
          sql`(contract_name ilike ${`%${literal(q)}%`} or address ilike ${`${literal(q)}%`}
            or ${hasHash(`${literal(q.toLowerCase())}%`)})`,
        ]),
  ];
}

/** A text as itself inside of a pattern of LIKE. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** Deployments of the platform that are open on the chain but that no job works on: a job that died took none along. */
export async function openDeploymentsWithoutJob(read: Reader): Promise<string[]> {
  // The states stand in the text, so that the partial index serves whatever plan is kept.
  const { rows } = await sql<{ id: string }>`
    select id from deployments where state in ('signed', 'broadcast', 'mined')
      and not exists (select from jobs where jobs.subject_id = deployments.id
        and jobs.state in ('queued', 'running', 'waiting'))
    limit 1000`.execute(read);
  return rows.map(({ id }) => id);
}

/** The block in which a deployment's transaction was seen. */
export interface MinedDeployment {
  id: string;
  blockNumber: number;
  blockHash: Hex;
}

/**
 * Deployments that ended by a transaction that was mined, of the chain's current epoch, the highest block first.
 *
 * @param wanted.below goes on after this one
 */
export async function endedInBlocks(
  read: Reader,
  wanted: { chainId: number; below: MinedDeployment | null; limit: number },
): Promise<MinedDeployment[]> {
  const { chainId, below, limit } = wanted;
  const after = below ? sql`and (block_number, id) < (${below.blockNumber}, ${below.id})` : sql``;
  const { rows } = await sql<MinedDeployment>`
    select id, block_number as "blockNumber", block_hash as "blockHash" from deployments
    where chain_id = ${chainId} and block_number is not null ${after}
      and state in ('confirmed', 'reverted', 'cancelled', 'failed')
      and exists (select from transactions join chains using (chain_id, epoch)
        where transactions.deployment_id = deployments.id)
    order by block_number desc, id desc limit ${limit}`.execute(read);
  return rows;
}

function toDeployment(row: Selectable<DeploymentsTable>): Deployment {
  const request = row.request as StoredRequest;
  const detail = (row.detail ?? {}) as {
    nonce?: number | null;
    predictedAddress?: Hex | null;
    estimate?: DeployState['estimate'];
    attempts?: DeploymentAttempt[];
    stuck?: StoredError | null;
    source?: DeployState['source'];
    events?: DeployState['events'];
  };
  const { targetId, args, events } = { targetId: row.target_id, args: request.args, events: detail.events };
  return {
    id: row.id,
    status: row.state as DeployStatus,
    network: row.network,
    chainId: row.chain_id,
    buildId: row.build_id,
    auditId: row.audit_id,
    pipelineId: row.pipeline_id,
    signerId: row.signer_id,
    contract: { file: row.contract_file, name: row.contract_name },
    constructorArgs: request.constructorArgs,
    call: callOf(row.plan as unknown as DeployPlan, { targetId, args, events }),
    commit: request.commit ?? null,
    proxy: row.proxy as ProxyFacts | null,
    implementationId: row.implementation_id,
    from: row.from_address as Hex,
    address: row.address as Hex | null,
    predictedAddress: detail.predictedAddress ?? null,
    transactionHash: row.transaction_hash as Hex | null,
    nonce: detail.nonce ?? null,
    attempts: detail.attempts ?? [],
    stuck: detail.stuck ?? null,
    source: detail.source ?? null,
    replacementRequest: row.replacement_request as ReplacementRequest | null,
    blockNumber: row.block_number,
    blockHash: row.block_hash as Hex | null,
    gasUsed: row.gas_used,
    costWei: row.cost_wei,
    codeMatches: row.code_matches,
    estimate: detail.estimate ?? null,
    gate: row.gate as GateDecision | null,
    warnings: request.warnings,
    error: row.error as StoredError | null,
    seq: row.event_seq,
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? null,
  };
}

function callOf(
  { call, value }: Pick<DeployPlan, 'call' | 'value'>,
  stored: { targetId: string | null; args?: unknown; events?: LoggedEvents | null | undefined },
): DeploymentCall | null {
  const { targetId, args = [], events = null } = stored;
  if (!call || targetId === null) return null;
  return { deploymentId: targetId, ...call, args, value, events };
}
