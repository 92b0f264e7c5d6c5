import { getContractAddress, isAddressEqual } from 'viem';
import type { GateDecision } from '../audit/types.ts';
import { usualDeployer } from '../chain/create2.ts';
import type { Hex, Network } from '../chain/types.ts';
import type { Create2Plan, DeployPlan } from '../deploy/types.ts';
import type { Bundle } from '../generate/types.ts';
import { newId } from '../lib/ids.ts';
import { encodeConstructorArguments } from '../solidity/constructor-arguments.ts';
import type { AbiParameter, Artifact } from '../solidity/types.ts';
import { type DeployableBuild, getDeployableBuild } from '../store/builds.ts';
import type { Reader } from '../store/db.ts';
import type { NewDeployment } from '../store/deployments.ts';
import { fail as refused } from '../store/errors.ts';
import type { Ownership } from '../store/generations.ts';
import { findFrozen } from '../store/nonce-accounts.ts';
import type { DeployRequest } from '../store/pipelines.ts';
import { findSigner, type SignerPolicy, type SignerRecord } from '../store/signers.ts';
import { fail } from './errors.ts';
import type { Platform } from './platform.ts';
import { checkSignerNetwork } from './signer-policy.ts';

export interface DeploymentInput extends Ownership {
  deploy: DeployRequest;
  buildId: string;
  /** `Name` or `file:Name`; the build's own choice when absent. */
  contract?: string;
  auditId: string | null;
  pipelineId: string | null;
  gate: GateDecision | null;
  /** What a template says of its constructor: fills arguments that nobody gave. */
  template?: Bundle['constructorArguments'];
}

/**
 * Checks everything that can be checked without the chain, and writes down the plan that the deployment machine
 * will follow. Reads only.
 * @throws AppError for the network, the signer, the build, the contract, its libraries, its arguments
 */
export async function planDeployment(
  platform: Platform,
  read: Reader,
  input: DeploymentInput,
  parts: Promise<PlanParts> = readPlanParts(platform, read, input),
): Promise<NewDeployment> {
  const { deploy } = input;
  const network = platform.chains.network(deploy.network);
  const { signer, build } = await parts;
  checkSignerNetwork(signer.policy, { signer: signer.name, network: network.name });
  const artifact = chooseArtifact(build);
  const { values, warnings } = fillArguments(artifact, {
    given: deploy.constructorArgs,
    template: input.template,
    signer,
  });
  const { encoded } = encodeConstructorArguments(artifact.abi, values);
  checkPayable(artifact, deploy.value);
  const id = newId();
  const data = `${artifact.creationBytecode}${encoded.slice(2)}` as Hex;
  const plan: DeployPlan = {
    deploymentId: id,
    chainId: network.chainId,
    networkKind: network.kind,
    from: signer.address,
    data,
    value: deploy.value ?? '0',
    ...(deploy.salt === undefined ? {} : { create2: planCreate2(network, data, deploy.salt as Hex) }),
    abi: artifact.abi,
    runtime: { bytecode: artifact.runtimeBytecode, immutableReferences: artifact.immutableReferences },
    feePolicy: deploy.feePolicy ?? 'standard',
    ...withFeeLimit(deploy.feeCaps, signer.policy),
    confirmations: deploy.confirmations ?? network.confirmations,
    dryRun: deploy.dryRun ?? false,
    ...whoSigns(signer),
    ...(deploy.verify === undefined ? {} : { verify: deploy.verify }),
  };
  return {
    id,
    ownerId: input.ownerId,
    userId: input.userId,
    projectId: input.projectId,
    pipelineId: input.pipelineId,
    buildId: build.id,
    auditId: input.auditId,
    signerId: signer.id,
    network: network.name,
    contract: { file: artifact.file, name: artifact.contract },
    constructorArgs: Array.isArray(values) ? values : Object.values(values ?? {}),
    commit: deploy.commit,
    warnings,
    plan,
    gate: input.gate,
  };
}

/** Part of a plan: whether what is to be signed is handed out. */
export function whoSigns({ kind }: SignerRecord): Pick<DeployPlan, 'external'> {
  return kind === 'external' ? { external: true } : {};
}

/** The signer's own limit is a cap like those that were asked for: less is offered, and what is too little is told. */
export function withFeeLimit(
  caps: DeployRequest['feeCaps'],
  { maxFeePerGas: limit }: SignerPolicy,
): Pick<DeployPlan, 'feeCaps'> {
  if (limit === undefined) return caps ? { feeCaps: caps } : {};
  const asked = caps?.maxFeePerGas;
  const maxFeePerGas = asked !== undefined && BigInt(asked) < BigInt(limit) ? asked : limit;
  return { feeCaps: { ...caps, maxFeePerGas } };
}

/** What the database has for a plan. */
export interface PlanParts {
  signer: SignerRecord;
  build: DeployableBuild;
}

/**
 * Asks for all of it at once: one trip to the database. For whoever has more to ask meanwhile, apart from the plan itself.
 * @throws AppError for the signer and the build
 */
export async function readPlanParts(
  platform: Platform,
  read: Reader,
  input: Pick<DeploymentInput, 'ownerId' | 'deploy' | 'buildId' | 'contract'>,
): Promise<PlanParts> {
  const { ownerId, deploy } = input;
  const network = platform.chains.network(deploy.network);
  const reads = [
    readUsableSigner(read, { ownerId, network, name: deploy.signer }),
    getDeployableBuild(read, ownerId, { id: input.buildId, contract: input.contract }),
  ] as const;
  // All have an answer before the first error is told, so that nothing is still under way.
  await Promise.allSettled(reads);
  const [signer, build] = await Promise.all(reads);
  return { signer, build };
}

/**
 * A signer that may send something on this network, as far as the database tells.
 * @throws AppError `unknown-signer`, `signer-needed`, `signer-frozen`
 */
export async function readUsableSigner(read: Reader, wanted: WantedSigner): Promise<SignerRecord> {
  const { ownerId, network } = wanted;
  const reads = [
    chooseSigner(read, wanted),
    findFrozen(read, { ownerId, chainId: network.chainId }),
  ] as const;
  await Promise.allSettled(reads);
  const [signer, frozen] = await Promise.all(reads);
  const stop = frozen.find(({ address }) => isAddressEqual(address, signer.address));
  if (!stop) return signer;
  const { address, reason } = stop;
  // The job would find it too, only later.
  throw refused('signer-frozen', { address, reason }, { place: { pointer: '/signer' } });
}

/** Whose signer, for which network, by which id or name. */
interface WantedSigner {
  ownerId: string;
  network: Network;
  name: string | undefined;
}

/** @throws AppError `create2-unsupported` */
function planCreate2(network: Network, creation: Hex, salt: Hex): Create2Plan {
  const deployer = network.create2Deployer === undefined ? usualDeployer : network.create2Deployer;
  if (deployer === null) {
    throw fail('create2-unsupported', { network: network.name }, { place: { pointer: '/salt' } });
  }
  const address = getContractAddress({ opcode: 'CREATE2', from: deployer, salt, bytecode: creation });
  return { deployer, salt, address };
}

/** @throws AppError `unknown-signer`, `signer-needed` */
export async function chooseSigner(read: Reader, wanted: WantedSigner): Promise<SignerRecord> {
  const place = { pointer: '/signer' };
  const signer = await findSigner(read, wanted.ownerId, wanted.name);
  if (!signer && wanted.name !== undefined) {
    throw fail('unknown-signer', { signer: wanted.name }, { place });
  }
  if (!signer || (signer.isDevelopment && wanted.network.kind !== 'local')) {
    throw fail('signer-needed', { network: wanted.network.name }, { place });
  }
  return signer;
}

/** @throws AppError where the build has no such contract, or none that can be deployed */
export function chooseArtifact(build: DeployableBuild): Artifact {
  const { id, status, wanted, artifact } = build;
  if (status !== 'succeeded') throw fail('build-not-usable', { id, status });
  const place = { pointer: '/contract' };
  if (wanted === '') throw fail('nothing-deployable', { id });
  if (!artifact) {
    const candidates = build.candidates.join(', ');
    throw fail('contract-not-in-build', { contract: wanted, candidates }, { place });
  }
  if (artifact.creationBytecode === '0x')
    throw fail('contract-not-deployable', { contract: artifact.contract }, { place });
  const libraries = Object.values(artifact.creationLinkReferences).flatMap((names) => Object.keys(names));
  if (libraries.length > 0) {
    throw fail('library-not-linked', { contract: artifact.contract, libraries: libraries.join(', ') });
  }
  return artifact;
}

type Given = DeployRequest['constructorArgs'];

/**
 * Fills what the caller left out from what the template settles, and an owner or recipient that nobody named with
 * the signer's address, which is then said as a warning.
 */
function fillArguments(
  artifact: Artifact,
  source: { given: Given; template: Bundle['constructorArguments'] | undefined; signer: SignerRecord },
): { values: Given; warnings: string[] } {
  if (Array.isArray(source.given) || !source.template) return { values: source.given ?? [], warnings: [] };
  const given = source.given ?? {};
  const warnings: string[] = [];
  const parameters: AbiParameter[] = artifact.abi.find((item) => item.type === 'constructor')?.inputs ?? [];
  const values: Record<string, unknown> = { ...given };
  for (const { name = '', type } of parameters) {
    if (name in given) continue;
    const known = source.template.find((argument) => argument.parameter.name === name);
    if (known?.value !== undefined) values[name] = known.value;
    else if (known && type === 'address') {
      values[name] = source.signer.address;
      warnings.push(
        `${name} (${known.meaning}) is the signer ${source.signer.name}, ${source.signer.address}, because no other address was given.`,
      );
    }
  }
  return { values, warnings };
}

function checkPayable(artifact: Artifact, value: string | undefined): void {
  if (value === undefined || BigInt(value) === 0n) return;
  const ctor = artifact.abi.find((item) => item.type === 'constructor');
  if (ctor?.stateMutability === 'payable') return;
  throw fail('not-payable', { contract: artifact.contract, value }, { place: { pointer: '/value' } });
}
