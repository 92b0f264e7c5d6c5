import type { DecodedLog } from '../chain/decode-logs.ts';
import type { Hex, RevertReason, SendOutcome } from '../chain/types.ts';
import type { StoredError } from '../lib/app-error.ts';

/**
 * The facts of a deployment. A journal is a list of them; folding it gives the state. Plain JSON: amounts are decimal
 * strings in wei, block numbers decimal strings, `at` is an ISO 8601 time.
 */
export type Message =
  | PlannedMessage
  | FundedMessage
  | LookedMessage
  | SimulatedMessage
  | EstimatedMessage
  | HandedOutMessage
  | SignedMessage
  | SentMessage
  | SeenMessage
  | MissingMessage
  | ReplacedMessage
  | StuckMessage
  | ConfirmedMessage
  | RevertedMessage
  | UnconfirmedMessage
  | FailedMessage
  | CancelledMessage;

interface Fact<Kind extends string> {
  kind: Kind;
  at: string;
}

/** A worker took the deployment up. */
export interface PlannedMessage extends Fact<'planned'> {
  chainId: number;
  from: Hex;
  /** Of a creation. */
  creationBytes?: number;
  /** Of a call: the contract, and the function's signature. */
  to?: Hex;
  function?: string;
}

/** The development signer was given play money on the local chain, or had enough. */
export interface FundedMessage extends Fact<'funded'> {
  balance: string;
}

/** Nothing stands at the address of a CREATE2 deployment yet, and the deployer is there. */
export interface LookedMessage extends Fact<'looked'> {
  address: Hex;
}

/** The creation or call was tried against the latest state, at no cost. `ok: false` ends the deployment with `error`. */
export interface SimulatedMessage extends Fact<'simulated'> {
  ok: boolean;
  /** Whether the code that the creation would leave equals the build. */
  codeMatches?: boolean;
  revert?: RevertReason;
  error?: StoredError;
}

/** Gas, fees and cost at this moment. */
export interface EstimatedMessage extends Fact<'estimated'> {
  gasEstimate: string;
  /** The estimate and a margin: what the transaction will carry. */
  gasLimit: string;
  fees: JsonFees;
  /** Gas limit × highest fee + value. */
  costMax: string;
  /** Gas estimate × fee as of now + value. */
  costExpected: string;
  balance: string;
  /** The address's latest transaction count on chain: the lowest nonce that can still be used. */
  chainNonce: number;
  /** True in a dry run: the deployment ends here. */
  final: boolean;
}

/** What is to be signed was handed out to whoever has the key. Nothing is under way, and no nonce is taken. */
export interface HandedOutMessage extends Fact<'handed-out'> {
  /** When it ends unless it was signed by then. */
  until: string;
}

/** Signed bytes exist. Committed in one transaction with the nonce slot, before anything is sent. */
export interface SignedMessage extends Fact<'signed'> {
  hash: Hex;
  raw: Hex;
  from: Hex;
  nonce: number;
  /** The CREATE address of (from, nonce), EIP-55 checksummed; null for a call, which creates nothing. */
  predictedAddress: Hex | null;
  gasLimit: string;
  fees: JsonFees;
  /** Which bytes that were signed elsewhere these are. */
  requestId?: string;
}

/** The signed bytes were handed to a node, and this is what it said. */
export interface SentMessage extends Fact<'sent'> {
  hash: Hex;
  outcome: SendOutcome['kind'];
  /** The node's words; empty when accepted. */
  message: string;
}

/** The transaction is in a block. Comes again when the depth grows or the block changes. */
export interface SeenMessage extends Fact<'seen'> {
  hash: Hex;
  blockNumber: string;
  blockHash: Hex;
  status: 'success' | 'reverted';
  contractAddress: Hex | null;
  gasUsed: string;
  effectiveGasPrice: string | null;
  /** Blocks from the transaction's own to the newest, both counted. */
  depth: number;
}

/** The nonce is used up on chain and none of our hashes is there. Believed only after a second look. */
export interface MissingMessage extends Fact<'missing'> {
  hash: Hex;
  chainNonce: number;
}

/**
 * Why other bytes were signed for the nonce: `bump` when nothing was mined for long, `speed-up` and `cancel` because
 * somebody asked, `fill` because every node refuses the bytes for good and the nonces behind would wait for ever, `wallet`
 * because whoever signs elsewhere made other bytes for the same.
 */
export type ReplacementReason = 'bump' | 'speed-up' | 'cancel' | 'fill' | 'wallet';

/**
 * `hash` competes with `replaces` for the same nonce; the chain decides which of them counts. Committed, like a
 * signature, before anything is sent.
 */
export interface ReplacedMessage extends Fact<'replaced'> {
  replaces: Hex;
  hash: Hex;
  raw: Hex;
  gasLimit: string;
  fees: JsonFees;
  reason: ReplacementReason;
  /** True for an empty transaction of the signer to itself: when it is mined, nothing was deployed. */
  empty: boolean;
  /** Which request of a person it answers. */
  requestId?: string;
}

/** Nothing was mined for long and no replacement can be made now. `error` says why. Comes once for each reason. */
export interface StuckMessage extends Fact<'stuck'> {
  error: StoredError;
  requestId?: string;
}

/**
 * Receipt with status 1, deep enough, on the canonical chain, and the code at the address equals the build; or, with
 * `source: existing`, that code stood at the address of a CREATE2 deployment already, as deep. A call is confirmed by its
 * receipt alone, and `events` are what it logged.
 */
export interface ConfirmedMessage extends Fact<'confirmed'> {
  /** Null where nothing was sent. */
  hash: Hex | null;
  source?: 'existing';
  /** Null for a call. */
  address: Hex | null;
  depth: number;
  codeMatches?: true;
  events?: LoggedEvents;
}

/** What a transaction logged, in its order. */
export interface LoggedEvents {
  list: DecodedLog[];
  /** Logs that were too many or too large to be kept. */
  leftOut: number;
}

/** The transaction was mined and undone, deep enough to be final. Gas was spent. */
export interface RevertedMessage extends Fact<'reverted'> {
  hash: Hex;
  depth: number;
  error: StoredError;
}

/** The chain took back what it had shown: back to broadcast, the same bytes are sent again. */
export interface UnconfirmedMessage extends Fact<'unconfirmed'> {
  hash: Hex;
  blockNumber: string;
  blockHash: Hex;
  reason: 'block-replaced' | 'block-gone';
}

/** The deployment ended without a contract that can be vouched for. */
export interface FailedMessage extends Fact<'failed'> {
  error: StoredError;
  /** False when the code at the address is not the build's. */
  codeMatches?: false;
}

/** Somebody cancelled: before anything was signed, or the empty transaction was mined, deep enough to be final. */
export interface CancelledMessage extends Fact<'cancelled'> {
  reason?: string;
  /** The empty transaction that took the nonce. */
  hash?: Hex;
}

/** Fees as JSON: decimal strings in wei per gas. */
export type JsonFees =
  | { type: 'eip1559'; maxFeePerGas: string; maxPriorityFeePerGas: string; baseFeePerGas: string }
  | { type: 'legacy'; gasPrice: string };

/** @returns the fact as subscribers may see it: without the signed bytes, which are large and tell nothing. */
export function publicFact(message: Message): Record<string, unknown> {
  const { ...fact }: Record<string, unknown> = { ...message };
  delete fact['raw'];
  return fact;
}
