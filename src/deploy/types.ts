import type { ImplementationHolder } from '../chain/read-implementation.ts';
import type {
  AbiItem,
  ChainClient,
  FeePolicy,
  Hex,
  NetworkKind,
  RevertReason,
  SendOutcome,
  Signer,
} from '../chain/types.ts';
import type { StoredError } from '../lib/app-error.ts';
import type { ImmutableReferences, LinkReferences } from '../solidity/types.ts';
import type { KnownGas } from './known-gas.ts';
import type {
  JsonFees,
  LoggedEvents,
  Message,
  ReplacedMessage,
  ReplacementReason,
  SignedMessage,
} from './messages.ts';

/**
 * Everything the machine must know of one deployment, or of one call of a deployed contract: what a signer sends goes the
 * same way. Fixed when it is requested; plain JSON.
 */
export interface DeployPlan {
  deploymentId: string;
  chainId: number;
  networkKind: NetworkKind;
  from: Hex;
  /** Creation bytecode (linked) followed by the encoded constructor arguments; of a call, selector and arguments. */
  data: Hex;
  /** Wei, decimal string. */
  value: string;
  /** For revert reasons and the payable check. */
  abi: AbiItem[];
  /** What must stand at the address in the end; empty for a call. */
  runtime: RuntimeExpectation;
  /** Calls a function of a contract in place of a creation. */
  call?: CallPlan;
  /** Where the address is to follow from the code alone (EIP-1014); a plain creation when absent. */
  create2?: Create2Plan;
  feePolicy: FeePolicy;
  feeCaps?: FeeCaps;
  /** Blocks, the transaction's own included. */
  confirmations: number;
  /** Deployments that have to be confirmed before this one is begun. */
  after?: string[];
  /** The signer's key is in a wallet of its owner's: what is to be signed is handed out. */
  external?: boolean;
  /** Stop after simulation and estimate; nothing is signed or spent. */
  dryRun: boolean;
  /** Whether the source is verified once it is confirmed; as the network has it when absent. */
  verify?: boolean;
}

/** A call that changes something. */
export interface CallPlan {
  /** The contract. */
  to: Hex;
  /** The function's canonical signature, `transfer(address,uint256)`. */
  function: string;
  /** Of an upgrade: what it replaces and what it has to leave. */
  upgrade?: UpgradePlan;
}

/** Another implementation behind a proxy or beacon; addresses are EIP-55 checksummed. */
export interface UpgradePlan extends ImplementationHolder {
  before: Hex;
  after: Hex;
}

/** A creation by way of a deployer contract that takes salt and creation code. */
export interface Create2Plan {
  deployer: Hex;
  /** 32 bytes. */
  salt: Hex;
  /** EIP-55 checksummed. */
  address: Hex;
}

/** The build's runtime code and which bytes of it may differ on chain. */
export interface RuntimeExpectation {
  bytecode: Hex;
  immutableReferences: ImmutableReferences;
  linkReferences?: LinkReferences;
}

/** Wei as decimal strings; what the user is ready to pay. */
export interface FeeCaps {
  maxFeePerGas?: string;
  maxPriorityFeePerGas?: string;
  /** The whole deployment: gas limit × highest fee + value. */
  costMax?: string;
}

/**
 * The product's deployment states. `estimated` is the end of a dry run; `blocked` and `awaiting_approval` are set by the
 * rooms above and not by this machine.
 */
export type DeployStatus =
  | 'queued'
  | 'preparing'
  | 'blocked'
  | 'awaiting_approval'
  | 'awaiting_signature'
  | 'estimated'
  | 'signed'
  | 'broadcast'
  | 'mined'
  | 'confirmed'
  | 'failed'
  | 'reverted'
  | 'cancelled';

/** One set of signed bytes for the deployment's nonce. */
export interface Attempt {
  hash: Hex;
  raw: Hex;
  nonce: number;
  gasLimit: string;
  fees: JsonFees;
  /** Why it took the place of the one before; null for the first. */
  reason: ReplacementReason | null;
  /** True when it deploys nothing: an empty transaction that only uses the nonce. */
  empty: boolean;
  signedAt: string;
  /** How often the bytes were handed to a node. */
  sends: number;
  /** The node's last answer; null when the bytes have to be sent (again). */
  lastSend: { outcome: SendOutcome['kind']; message: string; at: string } | null;
  /** True once a node accepted the bytes or may have. */
  maybeSent: boolean;
}

/** Where and how the creation was mined. */
export interface Mined {
  hash: Hex;
  blockNumber: string;
  blockHash: Hex;
  status: 'success' | 'reverted';
  contractAddress: Hex | null;
  gasUsed: string;
  effectiveGasPrice: string | null;
  depth: number;
}

/** What the journal adds up to. Plain JSON. */
export interface DeployState {
  status: DeployStatus;
  funded: boolean;
  /** Whether the address of a CREATE2 deployment was looked at before. */
  looked: boolean;
  /** How the contract came to be; null before it is confirmed. */
  source: 'created' | 'existing' | null;
  simulation: { ok: boolean; codeMatches?: boolean; revert?: RevertReason } | null;
  estimate: {
    gasEstimate: string;
    gasLimit: string;
    fees: JsonFees;
    costMax: string;
    costExpected: string;
    balance: string;
    chainNonce: number;
  } | null;
  nonce: number | null;
  predictedAddress: Hex | null;
  /** Every hash ever signed for the nonce, oldest first. */
  attempts: Attempt[];
  mined: Mined | null;
  /** The address of the confirmed contract, or where it was mined. */
  address: Hex | null;
  /** Wei really paid for gas, decimal string; null until mined or where the node does not say. */
  costPaid: string | null;
  codeMatches: boolean | null;
  /** What a confirmed call logged; null before, and for creations. */
  events: LoggedEvents | null;
  /** Until when somebody may sign elsewhere; null where nobody was asked to. */
  handedOutUntil: string | null;
  /** When the nonce was first found used up with none of our hashes on chain; null otherwise. */
  missingSince: string | null;
  /** Why it ended without success. */
  error: StoredError | null;
  /** Why no replacement can be made although nothing is mined; null when there is no such trouble. */
  stuck: StoredError | null;
  /** Requests of people that were answered, by a replacement or by the reason why there is none; signatures too. */
  requestsAnswered: string[];
  /** How often the chain took a block back. */
  fallbacks: number;
}

/**
 * The deployment's durable memory, handed in. Both methods are fenced: they reject when the worker has lost its lease
 * or the deployment was cancelled, and then nothing was written.
 */
export interface Journal {
  /** Appends facts in one committed transaction. */
  record(messages: Message[]): Promise<void>;
  /**
   * In ONE database transaction: locks the row of (chain, address), takes the next nonce, calls `sign(nonce)`, and
   * commits the nonce slot, `before` and the signed fact together. When `sign` rejects nothing is kept, the nonce
   * included. The next nonce is the larger of the stored one and the `chainNonce` of the `estimated` fact in `before`
   * (an address that was used before Slipway knew it). Never gives out a second nonce for one deployment.
   */
  recordSigned(before: Message[], sign: (nonce: number) => Promise<SignedMessage>): Promise<SignedMessage>;
  /**
   * In one transaction: makes sure that the worker still has its lease, calls `sign()`, and commits `before` and the
   * replacement together. The nonce is the one that the deployment has. Rejects before it signs where what the bytes would
   * pay is not allowed.
   */
  recordReplaced(
    before: Message[],
    sign: () => Promise<ReplacedMessage>,
    pays: ReplacementPayment,
  ): Promise<ReplacedMessage>;
  /**
   * In one transaction: makes sure that the worker still has its lease, claims the nonce that the bytes were signed for,
   * and commits `before` and the fact. Rejects with an AppError where the nonce is another deployment's or what the bytes
   * pay is not allowed, and nothing is kept.
   */
  recordAdopted(before: Message[], fact: SignedMessage | ReplacedMessage, nonce: number): Promise<void>;
}

/** What a replacement pays. */
export type ReplacementPayment = Pick<ReplacedMessage, 'gasLimit' | 'fees' | 'empty'>;

/** What a person asked to be done about bytes that are under way. */
export interface ReplacementRequest {
  /** Unique; the journal says by it whether it was answered. */
  id: string;
  reason: 'speed-up' | 'cancel';
  /** For a speed-up; `fast` when absent. */
  feePolicy?: FeePolicy;
  /** In place of the deployment's own. */
  feeCaps?: FeeCaps;
}

/** What somebody signed elsewhere. */
export interface GivenSignature {
  /** Unique; the journal says by it whether it was taken up. */
  id: string;
  raw: Hex;
}

export interface DeployOptions {
  plan: DeployPlan;
  /** The committed journal so far, oldest first. */
  messages: readonly Message[];
  chain: ChainClient;
  signer: Signer;
  journal: Journal;
  now: () => Date;
  signal: AbortSignal;
  /** First pause between looks at the chain, milliseconds. */
  pollMs?: number;
  /** Look again whether a confirmed or reverted deployment still stands; falls back to broadcast when it does not. */
  recheck?: boolean;
  /** The newest request about bytes that are under way. */
  request?: ReplacementRequest | null;
  /** The newest bytes that were signed elsewhere. */
  signature?: GivenSignature | null;
  /** Estimates of equal creations, shared by whoever deploys on behalf of one process. */
  knownGas?: KnownGas;
  /** The facts that end it are the result's `last`: the caller writes them in one transaction with what they end. */
  leavesLast?: boolean;
}

export interface DeployResult {
  state: DeployState;
  /** True when the status is terminal. */
  done: boolean;
  /** What is known and not written yet; empty unless it is `done` and `leavesLast` was asked for. */
  last: Message[];
  /** Call again after this many milliseconds; the slot can serve somebody else meanwhile. */
  waitMs?: number;
  /** Why the machine cannot go on for now although bytes are signed, e.g. `chain-unreachable`. It is no failure. */
  problem?: StoredError;
}
