import {
  type DeploymentPredicate,
  type Envelope,
  payloadType,
  preAuthentication,
  statementOf,
} from '../deploy/provenance.ts';
import { canonicalJson, sha256Hex } from '../lib/hash.ts';
import { bytecodeHash } from '../solidity/bytecode-hash.ts';
import { getAudit } from '../store/audits.ts';
import { getBuildArtifact, getBuildInput } from '../store/builds.ts';
import { getProvenanceFacts } from '../store/provenance.ts';
import { signBytes } from './access-tokens.ts';
import { fail } from './errors.ts';
import type { ActionContext, Platform } from './platform.ts';
import { notACreation } from './request-verification.ts';

/**
 * Says where a confirmed contract came from, signed by the installation's key: sources → compiler input and version →
 * audit → policy → signed bytes → block. Equal facts give an equal envelope.
 *
 * @throws AppError `not-found`, `provenance-not-ready` before the confirmation and where nothing was sent
 */
export async function attestDeployment(
  platform: Platform,
  { actor }: Pick<ActionContext, 'actor'>,
  id: string,
): Promise<Envelope> {
  const payload = Buffer.from(canonicalJson(statementOf(await predicateOf(platform, actor.ownerId, id))));
  const { kid, signature } = await signBytes(platform, preAuthentication(payloadType, payload));
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [{ keyid: kid, sig: signature.toString('base64') }],
  };
}

async function predicateOf(platform: Platform, ownerId: string, id: string): Promise<DeploymentPredicate> {
  const { read } = platform.store;
  const facts = await getProvenanceFacts(read, ownerId, id);
  const { status, address, raw, hash, nonce, blockNumber, blockHash, plan, contract, gate, auditId } = facts;
  if (facts.targetId !== null) throw notACreation({ id, contract, target: facts.targetId });
  if (
    status !== 'confirmed' ||
    !address ||
    !raw ||
    !hash ||
    nonce === null ||
    blockNumber === null ||
    !blockHash
  )
    throw fail('provenance-not-ready', { id, status });
  const name = `${contract.file}:${contract.name}`;
  const [{ input, compilerLong, inputHash }, { artifact }, audit] = await Promise.all([
    getBuildInput(read, ownerId, facts.buildId),
    getBuildArtifact(read, ownerId, { id: facts.buildId, name }),
    auditId === null ? null : getAudit(read, ownerId, auditId),
  ]);
  const { creationBytecode, creationBytes, runtimeBytecode } = artifact;
  const { network, gasUsed, costWei, completedAt } = facts;
  return {
    deployment: {
      ...{ id, network, chainId: plan.chainId, address, create2: plan.create2 ?? null },
      confirmedAt: completedAt?.toISOString() ?? null,
    },
    sources: Object.fromEntries(
      Object.entries(input.sources).map(([path, { content }]) => [path, sha256Hex(content)]),
    ),
    compiler: { version: compilerLong, settings: input.settings, inputHash },
    contract: {
      ...{ ...contract, creationSha256: bytecodeHash(creationBytecode), creationBytes },
      runtimeSha256: bytecodeHash(runtimeBytecode),
      constructorArguments: `0x${plan.data.slice(creationBytecode.length)}`,
    },
    audit: audit && {
      ...{ id: audit.id, overall: audit.overall, counts: audit.counts },
      tools: audit.tools.map(({ tool, version, status }) => ({ tool, version, status })),
    },
    policy: gate && {
      ...{ policy: gate.policy, decision: gate.decision },
      acknowledged: gate.acknowledged.map(({ fingerprint, detector, severity, reason }) => ({
        ...{ fingerprint, detector, severity, reason },
      })),
    },
    transaction: { hash, raw, from: plan.from, nonce },
    block: { number: blockNumber, hash: blockHash },
    ...{ gasUsed, costWei },
  };
}
