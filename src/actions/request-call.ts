import type { Hex } from '../chain/types.ts';
import type { FeeCaps, UpgradePlan } from '../deploy/types.ts';
import { newId } from '../lib/ids.ts';
import { encodeCall } from '../solidity/encode-call.ts';
import type { AbiItem } from '../solidity/types.ts';
import type { Reader } from '../store/db.ts';
import { getDeployedContract, type NewDeployment } from '../store/deployments.ts';
import type { JobWithResult } from '../store/results.ts';
import { fail } from './errors.ts';
import { performJob } from './perform-job.ts';
import { readUsableSigner, whoSigns, withFeeLimit } from './plan-deployment.ts';
import type { ActionContext, Platform } from './platform.ts';
import { createDeployment } from './request-deployment.ts';
import { ownershipOf } from './request-generation.ts';
import { checkSignerNetwork } from './signer-policy.ts';

/** A call that changes something. */
export interface SentCall {
  /** The deployment whose contract is called. */
  id: string;
  /** Name or signature. */
  function: string;
  args?: unknown;
  /** Id or name; the signer of the deployment when absent. */
  signer?: string;
  /** Wei, decimal string. */
  value?: string;
  feePolicy?: 'slow' | 'standard' | 'fast';
  feeCaps?: FeeCaps;
  confirmations?: number;
  dryRun?: boolean;
  /** The explicit yes that a mainnet needs. */
  confirmed: boolean;
}

/**
 * Asks for a transaction that calls a function of a deployed contract. It goes the way of a creation: simulated, estimated,
 * signed under a nonce, sent, watched and confirmed by the same machine, with the same cancellation and replacements.
 * @throws AppError those of `planCall`
 */
export function requestCall(
  platform: Platform,
  context: ActionContext,
  request: SentCall,
): Promise<JobWithResult> {
  return performJob(platform, context, async (tx) => {
    const planned = await planCall(platform, tx.sql, context, request);
    return { kind: 'deploy', ...(await createDeployment(tx, planned, context)) };
  });
}

/**
 * Checks everything that can be checked without the chain. Reads only.
 * @throws AppError `not-found`, `deployment-not-there`, `function-…`, `confirmation-needed`, and for the signer
 */
export async function planCall(
  platform: Platform,
  read: Reader,
  context: ActionContext,
  request: SentCall,
): Promise<NewDeployment> {
  const { ownerId } = context.actor;
  const contract = await getDeployedContract(read, ownerId, request.id);
  const { address, abi, status, buildId } = contract;
  // Before it is final the chain may take it back, and what is sent to an address without code is lost.
  if (address === null || status !== 'confirmed')
    throw fail('deployment-not-there', { id: request.id, status });
  const network = platform.chains.network(contract.network);
  const { data, item, signature } = encodeCall(abi, request);
  const { stateMutability } = item;
  if (stateMutability === 'view' || stateMutability === 'pure') {
    throw fail(
      'function-reads-only',
      { function: signature, id: request.id },
      { place: { pointer: '/function' } },
    );
  }
  const value = request.value ?? '0';
  if (BigInt(value) > 0n && stateMutability !== 'payable') {
    throw fail('function-not-payable', { function: signature, value }, { place: { pointer: '/value' } });
  }
  if (network.kind === 'mainnet' && !request.confirmed && !request.dryRun) {
    throw fail('confirmation-needed', { network: network.name }, { place: { pointer: '/confirm' } });
  }
  const { args = [], signer = contract.signerId, feePolicy, feeCaps, confirmations, dryRun } = request;
  return planSent(platform, read, context, {
    ...{ network: network.name, buildId, contract: contract.contract, args, abi, value },
    target: { id: request.id, to: address, data, function: signature },
    terms: { signer, feePolicy, feeCaps, confirmations, dryRun },
  });
}

/** A call that is encoded and was found fit to be sent. */
interface EncodedSend {
  network: string;
  /** Of the contract that is called, or of the code that it gets. */
  buildId: string;
  contract: { file: string; name: string };
  /** The deployment that is called for, and what is called in truth. */
  target: { id: string; to: Hex; data: Hex; function: string; upgrade?: UpgradePlan };
  args: unknown;
  /** What reverts and events are read by. */
  abi: AbiItem[];
  /** Wei, decimal string. */
  value?: string;
  terms: { signer: string } & {
    [name in 'feePolicy' | 'feeCaps' | 'confirmations' | 'dryRun']?: SentCall[name] | undefined;
  };
}

/**
 * The plan of a call that is sent. Reads only.
 * @throws AppError for the signer
 */
export async function planSent(
  platform: Platform,
  read: Reader,
  context: ActionContext,
  send: EncodedSend,
): Promise<NewDeployment> {
  const { buildId, contract, target, args, abi, value = '0', terms } = send;
  const { ownerId } = context.actor;
  const network = platform.chains.network(send.network);
  const signer = await readUsableSigner(read, { ownerId, network, name: terms.signer });
  checkSignerNetwork(signer.policy, { signer: signer.name, network: network.name });
  const id = newId();
  return {
    ...ownershipOf(context),
    ...{ id, buildId, network: network.name, contract, signerId: signer.id },
    ...{ pipelineId: null, auditId: null, gate: null, constructorArgs: [], warnings: [] },
    call: { targetId: target.id, args },
    plan: {
      deploymentId: id,
      chainId: network.chainId,
      networkKind: network.kind,
      from: signer.address,
      data: target.data,
      value,
      abi,
      runtime: { bytecode: '0x', immutableReferences: {} },
      call: {
        ...{ to: target.to, function: target.function },
        ...(target.upgrade ? { upgrade: target.upgrade } : {}),
      },
      feePolicy: terms.feePolicy ?? 'standard',
      ...withFeeLimit(terms.feeCaps, signer.policy),
      confirmations: terms.confirmations ?? network.confirmations,
      dryRun: terms.dryRun ?? false,
      ...whoSigns(signer),
      verify: false,
    },
  };
}
