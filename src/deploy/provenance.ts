import { createPublicKey, type JsonWebKeyInput, verify } from 'node:crypto';
import { getContractAddress, keccak256, parseTransaction, recoverTransactionAddress } from 'viem';
import type { Hex, Receipt } from '../chain/types.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { Create2Plan } from './types.ts';

/** in-toto Statement v1, as a DSSE envelope carries it (in-toto attestation framework; DSSE 1.0.2). */
export const payloadType = 'application/vnd.in-toto+json';
export const predicateType = 'urn:slipway:deployment:v1';

/** Where a contract came from, from its sources to its block. Plain JSON. */
export interface DeploymentPredicate {
  deployment: {
    id: string;
    network: string;
    chainId: number;
    address: Hex;
    /** What follows CREATE2; null for a plain creation. */
    create2: Create2Plan | null;
    confirmedAt: string | null;
  };
  /** Path → SHA-256 of the source text. */
  sources: Record<string, string>;
  compiler: {
    version: string;
    settings: unknown;
    /** SHA-256 of the canonical compiler input that the platform stores. */
    inputHash: string;
  };
  contract: {
    file: string;
    name: string;
    /** SHA-256 of the hex text, `0x` included, as builds name it. */
    creationSha256: string;
    creationBytes: number;
    runtimeSha256: string;
    constructorArguments: Hex;
  };
  audit: {
    id: string;
    overall: string | null;
    counts: Record<string, number> | null;
    tools: { tool: string; version: string; status: string }[];
  } | null;
  /** What the gate decided, and what somebody let pass. */
  policy: {
    policy: string;
    decision: string;
    acknowledged: { fingerprint: string; detector: string; severity: string; reason: string }[];
  } | null;
  transaction: { hash: Hex; raw: Hex; from: Hex; nonce: number };
  block: { number: number; hash: Hex };
  gasUsed: string | null;
  costWei: string | null;
}

export interface DeploymentStatement {
  _type: 'https://in-toto.io/Statement/v1';
  subject: { name: string; digest: { sha256: string } }[];
  predicateType: typeof predicateType;
  predicate: DeploymentPredicate;
}

export interface Envelope {
  payloadType: string;
  /** Base64. */
  payload: string;
  /** Ed25519 over the pre-authentication encoding; base64. */
  signatures: { keyid: string; sig: string }[];
}

/** One thing that was looked at. `not run` is no pass. */
export interface Check {
  check: string;
  result: 'ok' | 'failed' | 'not run';
  detail: string;
}

/** @returns the statement; its subject is the contract, named by CAIP-10 and known by the signed bytes that made it */
export function statementOf(predicate: DeploymentPredicate): DeploymentStatement {
  const { chainId, address } = predicate.deployment;
  const digest = { sha256: sha256Hex(Buffer.from(predicate.transaction.raw.slice(2), 'hex')) };
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `eip155:${chainId}:${address}`, digest }],
    predicateType,
    predicate,
  };
}

/** @returns what is signed: DSSE's pre-authentication encoding, which no other signature of ours can be taken for */
export function preAuthentication(type: string, payload: Uint8Array): Buffer {
  const header = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(header), payload]);
}

/**
 * Checks an envelope without asking anybody: its signature, and that what it says of the transaction follows from the
 * signed bytes.
 *
 * @param keys public keys (JWK, Ed25519) that are trusted
 * @returns the checks, and the statement when the signature is good
 */
export async function verifyEnvelope(
  envelope: Envelope,
  keys: readonly Record<string, unknown>[],
): Promise<{ checks: Check[]; statement: DeploymentStatement | null }> {
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = preAuthentication(envelope.payloadType, payload);
  const signer = envelope.signatures.find(({ keyid, sig }) =>
    keys.some(
      (key) =>
        key['kid'] === keyid &&
        verify(
          null,
          signed,
          createPublicKey({ key, format: 'jwk' } as JsonWebKeyInput),
          Buffer.from(sig, 'base64'),
        ),
    ),
  );
  const keyids = envelope.signatures.map(({ keyid }) => keyid).join(', ') || 'nobody';
  const signature = toCheck('signature', signer !== undefined, `by ${signer?.keyid ?? keyids}`);
  if (!signer || envelope.payloadType !== payloadType) return { checks: [signature], statement: null };
  const statement = JSON.parse(payload.toString('utf8')) as DeploymentStatement;
  const kind = toCheck('statement', statement.predicateType === predicateType, statement.predicateType);
  if (kind.result !== 'ok') return { checks: [signature, kind], statement: null };
  return { checks: [signature, kind, ...(await checkTransaction(statement))], statement };
}

async function checkTransaction({ subject, predicate }: DeploymentStatement): Promise<Check[]> {
  const { transaction, deployment, contract } = predicate;
  const { raw, hash, from, nonce } = transaction;
  const parsed = parseTransaction(raw as `0x02${string}`);
  const sender = await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` });
  const { create2, address, chainId } = deployment;
  // Behind the salt, where a deployer contract is called.
  const data = create2 ? `0x${(parsed.data ?? '0x').slice(2 + 64)}` : (parsed.data ?? '0x');
  const creation = data.slice(0, 2 + 2 * contract.creationBytes);
  const made = create2
    ? getContractAddress({
        opcode: 'CREATE2',
        from: create2.deployer,
        salt: create2.salt,
        bytecode: data as Hex,
      })
    : getContractAddress({ from, nonce: BigInt(nonce) });
  const target = (parsed.to ?? null)?.toLowerCase() ?? null;
  return [
    toCheck('subject', sameBytes(subject, raw), subject[0]?.name ?? 'none'),
    toCheck('transaction hash', keccak256(raw) === hash, hash),
    toCheck(
      'sender',
      sender === from && (parsed.nonce ?? 0) === nonce,
      `${sender}, nonce ${parsed.nonce ?? 0}`,
    ),
    toCheck('chain', parsed.chainId === chainId, String(parsed.chainId)),
    toCheck('target', target === (create2?.deployer.toLowerCase() ?? null), target ?? 'a creation'),
    toCheck('creation code', sha256Hex(creation) === contract.creationSha256, contract.creationSha256),
    toCheck(
      'constructor arguments',
      data.slice(creation.length) === contract.constructorArguments.slice(2),
      contract.constructorArguments,
    ),
    toCheck('address', made === address, made),
  ];
}

function sameBytes(subject: DeploymentStatement['subject'], raw: Hex): boolean {
  const [only, ...others] = subject;
  return others.length === 0 && only?.digest.sha256 === sha256Hex(Buffer.from(raw.slice(2), 'hex'));
}

/** Compares a statement with what the chain says of its transaction: the one call that is needed. */
export function checkReceipt({ predicate }: DeploymentStatement, receipt: Receipt | null): Check {
  const { transaction, block, deployment } = predicate;
  if (!receipt) return toCheck('block', false, `the chain has no transaction ${transaction.hash}`);
  const where = `${receipt.status} in block ${receipt.blockNumber}, ${receipt.blockHash}`;
  const same = receipt.status === 'success' && receipt.blockHash === block.hash;
  const there =
    deployment.create2 !== null ||
    receipt.contractAddress?.toLowerCase() === deployment.address.toLowerCase();
  return toCheck('block', same && there, where);
}

function toCheck(check: string, ok: boolean, detail: string): Check {
  return { check, result: ok ? 'ok' : 'failed', detail };
}
