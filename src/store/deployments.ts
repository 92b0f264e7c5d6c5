import { type Selectable, sql } from 'kysely';
import type { GateDecision } from '../audit/types.ts';
import type { Hex } from '../chain/types.ts';
import type { Message } from '../deploy/messages.ts';
import type { Attempt, DeployPlan, DeployState, DeployStatus, ReplacementRequest } from '../deploy/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import { newId } from '../lib/ids.ts';
import { json, type Reader, type Tx } from './db.ts';
import { fail } from './errors.ts';
import type { Ownership } from './generations.ts';
import { type Page, type PageRequest, pageBounds, toPage } from './page.ts';
import type { DeploymentsTable } from './schema.ts';

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
  warnings: string[];
  plan: DeployPlan;
  gate: GateDecision | null;
  /** The deployment that this one tries anew; no other one may do that. */
  retryOf?: string | null;
}

export async function insertDeployment(tx: Tx, deployment: NewDeployment): Promise<void> {
  await tx.sql
    .insertInto('deployments')
    .values({
      id: deployment.id,
      owner_id: deployment.ownerId,
      created_by: deployment.userId,
      project_id: deployment.projectId,
      pipeline_id: deployment.pipelineId,
      build_id: deployment.buildId,
      audit_id: deployment.auditId,
      signer_id: deployment.signerId,
      network: deployment.network,
      chain_id: deployment.plan.chainId,
      contract_file: deployment.contract.file,
      contract_name: deployment.contract.name,
      request: json({ constructorArgs: deployment.constructorArgs, warnings: deployment.warnings }),
      plan: json(deployment.plan),
      gate: deployment.gate ? json(deployment.gate) : null,
      from_address: deployment.plan.from,
      retry_of: deployment.retryOf ?? null,
    })
    .execute();
}

/** Everything the deploy job needs to go on. */
export interface DeploymentWork {
  id: string;
  ownerId: string;
  network: string;
  signerId: string;
  state: DeployStatus;
  plan: DeployPlan;
  messages: Message[];
  request: ReplacementRequest | null;
}

export async function loadDeploymentWork(read: Reader, id: string): Promise<DeploymentWork> {
  const row = await read
    .selectFrom('deployments')
    .select(['id', 'owner_id', 'network', 'signer_id', 'plan', 'state', 'replacement_request'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow(() => fail('not-found', { what: 'deployment', id }));
  const journal = await read
    .selectFrom('deployment_journal')
    .select('message')
    .where('deployment_id', '=', id)
    .orderBy('seq')
    .execute();
  return {
    id: row.id,
    ownerId: row.owner_id,
    network: row.network,
    signerId: row.signer_id,
    state: row.state as DeployStatus,
    plan: row.plan as DeployPlan,
    messages: journal.map((entry) => entry.message as Message),
    request: row.replacement_request as ReplacementRequest | null,
  };
}

/**
 * Appends facts to the journal and writes the state they add up to onto the row, and an event for each. The state was
 * folded from what the writer had read, so nothing may have come in between: two jobs on one deployment, each with a
 * lease of its own, cannot write over one another.
 *
 * @param entry.after how many facts the writer knows
 * @returns false, with nothing written, when the journal has others by now
 */
export async function appendFacts(
  tx: Tx,
  entry: {
    id: string;
    fence: number;
    after: number;
    messages: Message[];
    state: DeployState;
    events: Record<string, unknown>[];
  },
): Promise<boolean> {
  const { id, state, messages } = entry;
  const terminal = ['confirmed', 'failed', 'reverted', 'cancelled', 'estimated'].includes(state.status);
  const row = await tx.sql
    .updateTable('deployments')
    .set({
      state: state.status,
      address: state.address,
      transaction_hash: state.mined?.hash ?? state.attempts.at(-1)?.hash ?? null,
      block_number: state.mined ? Number(state.mined.blockNumber) : null,
      block_hash: state.mined?.blockHash ?? null,
      gas_used: state.mined?.gasUsed ?? null,
      cost_wei: state.costPaid,
      code_matches: state.codeMatches,
      detail: json({
        nonce: state.nonce,
        predictedAddress: state.predictedAddress,
        estimate: state.estimate,
        attempts: state.attempts.map(shownAttempt),
        stuck: state.stuck,
        source: state.source,
      }),
      error: state.error ? json(state.error) : null,
      completed_at: terminal ? new Date() : null,
      journal_seq: sql<number>`journal_seq + ${messages.length}`,
      event_seq: sql<number>`event_seq + ${messages.length}`,
    })
    .where('id', '=', id)
    .where('journal_seq', '=', entry.after)
    .returning(['event_seq', 'owner_id'])
    .executeTakeFirst();
  if (!row) return false;
  const eventStart = row.event_seq - messages.length;
  await tx.sql
    .insertInto('deployment_journal')
    .values(
      messages.map((message, index) => ({
        deployment_id: id,
        seq: entry.after + index + 1,
        message: json(message),
        fence: entry.fence,
      })),
    )
    .execute();
  await tx.sql
    .insertInto('events')
    .values(
      messages.map((message, index) => ({
        subject_id: id,
        seq: eventStart + index + 1,
        owner_id: row.owner_id,
        type: message.kind,
        data: json({ ...entry.events[index], status: state.status }),
      })),
    )
    .execute();
  tx.changedSubjects.add(id);
  return true;
}

function shownAttempt(attempt: Attempt): DeploymentAttempt {
  const { hash, fees, gasLimit, reason, empty, signedAt } = attempt;
  return { hash, fees, gasLimit, reason, empty, signedAt };
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
}

/** Records signed bytes under their nonce; the unique index refuses a second creation for one nonce. */
export async function insertTransaction(tx: Tx, transaction: NewTransaction): Promise<void> {
  await tx.sql
    .insertInto('transactions')
    .values({
      id: newId(),
      chain_id: transaction.chainId,
      epoch: transaction.epoch,
      address: transaction.address,
      nonce: transaction.nonce,
      deployment_id: transaction.deploymentId,
      kind: transaction.kind,
      hash: transaction.hash,
      raw: transaction.raw,
    })
    .execute();
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

export async function listDeployments(
  read: Reader,
  ownerId: string,
  request: PageRequest & { network?: string | undefined; status?: string | undefined },
): Promise<Page<Deployment>> {
  const { limit, before } = pageBounds(request);
  const rows = await read
    .selectFrom('deployments')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as string))
    .$if(request.network !== undefined, (query) => query.where('network', '=', request.network as string))
    .$if(request.status !== undefined, (query) => query.where('state', '=', request.status as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, toDeployment);
}

/** Deployments of the platform that are open on the chain but that no job works on: a job that died took none along. */
export async function openDeploymentsWithoutJob(read: Reader): Promise<string[]> {
  const rows = await read
    .selectFrom('deployments')
    .select('id')
    .where('state', 'in', ['signed', 'broadcast', 'mined'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('jobs')
            .select('jobs.id')
            .whereRef('jobs.subject_id', '=', 'deployments.id')
            .where('jobs.state', 'in', ['queued', 'running', 'waiting']),
        ),
      ),
    )
    .limit(1_000)
    .execute();
  return rows.map((row) => row.id);
}

function toDeployment(row: Selectable<DeploymentsTable>): Deployment {
  const request = row.request as { constructorArgs: unknown[]; warnings: string[] };
  const detail = (row.detail ?? {}) as {
    nonce?: number | null;
    predictedAddress?: Hex | null;
    estimate?: DeployState['estimate'];
    attempts?: DeploymentAttempt[];
    stuck?: StoredError | null;
    source?: DeployState['source'];
  };
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
