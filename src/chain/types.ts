/** Bytes as hex digits after `0x`. */
export type Hex = `0x${string}`;

/** A parameter of an ABI entry (Solidity's JSON ABI). The same shape as the compiler room's. */
export interface AbiParameter {
  name?: string;
  type: string;
  internalType?: string;
  components?: AbiParameter[];
  indexed?: boolean;
}

/** An entry of a contract's JSON ABI. The same shape as the compiler room's, which is on this floor as well. */
export interface AbiItem {
  type: string;
  name?: string;
  inputs?: AbiParameter[];
  outputs?: AbiParameter[];
  stateMutability?: string;
  anonymous?: boolean;
  [key: string]: unknown;
}

/** The policy class of a network: how careful the platform is before it spends something there. */
export type NetworkKind = 'local' | 'testnet' | 'mainnet';

/** One network that Slipway knows. RPC URLs are not here: they come from configuration and may hold secrets. Plain JSON. */
export interface Network {
  /** Unique, kebab-case; equals the file name. */
  name: string;
  title: string;
  /** EIP-155 chain id. */
  chainId: number;
  kind: NetworkKind;
  currency: { symbol: string; decimals: number };
  /** Base URL of a block explorer with `/tx/<hash>` and `/address/<address>` pages, no trailing slash. */
  explorerUrl?: string;
  /** Where test currency can be asked for. */
  faucetUrl?: string;
  /** Blocks, the transaction's own included, after which a result counts as confirmed. */
  confirmations: number;
  /** Usual time between blocks in seconds; decides how often the chain is polled. */
  blockSeconds: number;
  /** Whether the chain takes EIP-1559 fees. */
  eip1559: boolean;
  /** The contract that makes CREATE2 deployments; the usual one when absent, null where the chain has none. */
  create2Deployer?: Hex | null;
  /** Lowest priority fee that the chain's nodes accept, in wei. */
  priorityFeeMinWei: number;
  /** Lowest maximum fee to offer, in wei per gas; what is offered is not what is paid. */
  maxFeeMinWei?: number;
  /** Where source is verified, in the order they are asked; absent or empty where nobody does it. No trailing slash. */
  verifiers?: readonly NetworkVerifier[];
}

/** A service that keeps verified source of a network. Its API key, where it wants one, comes from configuration. */
export interface NetworkVerifier {
  /** The protocol: Sourcify v2, Etherscan v2 (the chain id goes in the request), or a Blockscout instance. */
  kind: 'sourcify' | 'etherscan' | 'blockscout';
  apiUrl: string;
}

export type FeePolicy = 'slow' | 'standard' | 'fast';

/** What a transaction pays per gas, in wei. */
export type Fees =
  | { type: 'eip1559'; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint; baseFeePerGas: bigint }
  | { type: 'legacy'; gasPrice: bigint };

export interface Block {
  number: bigint;
  hash: Hex;
  parentHash: Hex;
  /** Unix time in seconds. */
  timestamp: number;
  /** Wei; null before EIP-1559. */
  baseFeePerGas: bigint | null;
  gasLimit: bigint;
  /** Hashes of the block's transactions, in order. */
  transactions: Hex[];
}

export interface Receipt {
  transactionHash: Hex;
  blockNumber: bigint;
  blockHash: Hex;
  status: 'success' | 'reverted';
  from: Hex;
  to: Hex | null;
  contractAddress: Hex | null;
  gasUsed: bigint;
  /** Wei; null where the node does not report it. */
  effectiveGasPrice: bigint | null;
}

/** What a contract logged. */
export interface Log {
  address: Hex;
  logIndex: number;
  topics: readonly Hex[];
  data: Hex;
}

export interface ChainTransaction {
  hash: Hex;
  from: Hex;
  to: Hex | null;
  nonce: number;
  input: Hex;
  value: bigint;
  /** Null while it waits in the pool. */
  blockNumber: bigint | null;
  blockHash: Hex | null;
}

/** What a node said to a raw transaction. `unknown` means *maybe sent*: time-outs, 5xx, garbage, wrapped errors. */
export interface SendOutcome {
  kind:
    | 'accepted'
    | 'already-known'
    | 'nonce-too-low'
    | 'underpriced'
    | 'insufficient-funds'
    | 'rejected'
    | 'unknown';
  /** The node's words with secrets removed; empty for `accepted`. */
  message: string;
}

export interface CallRequest {
  from: Hex;
  /** Absent for a contract creation. */
  to?: Hex;
  data: Hex;
  value?: bigint;
  /** The limit; what the node allows when absent. */
  gas?: bigint;
}

/** A failed execution is an answer, not an exception. */
export type ExecutionFault =
  | { kind: 'reverted'; data: Hex | null; message: string }
  | { kind: 'insufficient-funds'; message: string };
export type CallOutcome = { kind: 'ok'; data: Hex } | ExecutionFault;
export type EstimateOutcome = { kind: 'ok'; gas: bigint } | ExecutionFault;

/** Which state a read looks at: a tag, a block number or a block hash. */
export type BlockTag = 'latest' | 'pending' | bigint | Hex;

/**
 * The only way to a chain. Every method may throw AppError `chain-unreachable` (retryable), `wrong-chain`,
 * `rpc-error`. Messages never carry a URL's path, query or credentials.
 */
export interface ChainClient {
  readonly network: Network;
  /** Asks the chain id now. @throws AppError `wrong-chain`, `chain-unreachable`. Other methods do it themselves once per URL. */
  connect(): Promise<void>;
  blockNumber(): Promise<bigint>;
  /** @returns null when the node has no such block. */
  block(which: BlockTag): Promise<Block | null>;
  genesisHash(): Promise<Hex>;
  balance(address: Hex): Promise<bigint>;
  /** The number of transactions sent from the address, which is its next nonce. */
  nonce(address: Hex, at: 'latest' | 'pending' | bigint): Promise<number>;
  /** @returns `0x` where there is no contract. */
  code(address: Hex, at?: BlockTag): Promise<Hex>;
  /** @returns the 32 bytes at a storage slot. @param slot 32 bytes */
  storage(address: Hex, slot: Hex, at?: BlockTag): Promise<Hex>;
  call(request: CallRequest, at?: BlockTag): Promise<CallOutcome>;
  estimateGas(request: CallRequest): Promise<EstimateOutcome>;
  fees(policy: FeePolicy): Promise<Fees>;
  /** Never throws for an unclear answer: that is the outcome `unknown`. */
  send(raw: Hex): Promise<SendOutcome>;
  /** `everywhere` asks every URL and throws unless each one answered: needed before an absence is believed. */
  receipt(hash: Hex, options?: { everywhere?: boolean }): Promise<Receipt | null>;
  /** @returns what the transaction logged in this block; null where the node has it in another one, or not at all */
  logs(hash: Hex, where: { blockHash: Hex }): Promise<Log[] | null>;
  transaction(hash: Hex): Promise<ChainTransaction | null>;
  /** @returns what the address sent in a block; null when the node has no such block */
  sentBy(address: Hex, block: bigint): Promise<{ hash: Hex; nonce: number }[] | null>;
  /** @returns the signed bytes of a transaction that a node knows, mined or not; null where it knows none of this hash */
  signedBytes(hash: Hex): Promise<Hex | null>;
  /** Sets a balance on the local development chain. @throws InvariantError on any other network. */
  devSetBalance(address: Hex, wei: bigint): Promise<void>;
  /**
   * Takes what an address has waiting out of the local development chain's pool.
   * @returns false where the node knows no such method
   * @throws InvariantError on any other network
   */
  devEmptyPool(address: Hex): Promise<boolean>;
  /** Never throws. */
  health(): Promise<ChainHealth>;
}

export interface ChainHealth {
  ok: boolean;
  /** Decimal string; absent when the chain did not answer. */
  blockNumber?: string;
  latencyMs: number;
  detail: string;
}

/** A transaction before its signature. Amounts in wei. `to: null` creates a contract. */
export type UnsignedTransaction = {
  chainId: number;
  nonce: number;
  to: Hex | null;
  value: bigint;
  data: Hex;
  gas: bigint;
} & (
  | { type: 'eip1559'; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }
  | { type: 'legacy'; gasPrice: bigint }
);

/** Somebody who can sign for one address. The key itself is out of reach. */
export interface Signer {
  readonly address: Hex;
  signTransaction(transaction: UnsignedTransaction): Promise<{ raw: Hex; hash: Hex }>;
}

/** A 32-byte AES key that wraps data keys, and the name it is known by. */
export interface KeyEncryptionKey {
  id: string;
  key: Uint8Array;
}

/** One AES-256-GCM box; every field base64. */
export interface SealedBox {
  iv: string;
  ciphertext: string;
  tag: string;
}

/** An encrypted private key as the database keeps it. Plain JSON; useless without the key-encryption key. */
export interface SealedKey {
  version: 1;
  algorithm: 'AES-256-GCM';
  /** The signer's id; bound into the encryption together with the address. */
  id: string;
  /** EIP-55 checksummed. */
  address: Hex;
  keyEncryptionKeyId: string;
  /** The wallet's own random data key, wrapped by the key-encryption key. */
  wrappedDataKey: SealedBox;
  /** The private key, encrypted by the data key. */
  key: SealedBox;
}

/** A key that never leaves AWS KMS, as the database keeps it. Plain JSON, nothing secret. */
export interface KmsKey {
  version: 1;
  /** Its ARN: an alias may point elsewhere tomorrow. */
  keyId: string;
  /** EIP-55 checksummed. */
  address: Hex;
}

/** Where a key lies in Vault, as the database keeps it. Plain JSON, nothing secret. */
export interface VaultKey {
  version: 1;
  /** Below the mount of the key-value store. */
  path: string;
  /** EIP-55 checksummed. */
  address: Hex;
}

/** What a signer row keeps of its key, whatever the custody. */
export type StoredKey = SealedKey | KmsKey | VaultKey | ExternalKey;

/** A key in a wallet of its owner's: only its address is known. */
export interface ExternalKey {
  version: 1;
  address: Hex;
}

/** What custodies work with, built once. */
export interface CustodyParts {
  kek: KeyEncryptionKey;
  /** Null where the operator has set up none. */
  kms: Kms | null;
  vault: Vault | null;
}

/** HashiCorp Vault: its key-value store, version 2, and its transit engine. @throws AppError `vault-…` of each method */
export interface Vault {
  /** @returns the fields of the newest version */
  read(path: string): Promise<Record<string, unknown>>;
  /** Writes the first version. @throws also when there is one */
  create(path: string, fields: Record<string, string>): Promise<void>;
  /** As in `Kms`, by a key of the transit engine. */
  newDataKey(name: string): Promise<DataKey>;
  openDataKey(name: string, wrapped: string): Promise<Uint8Array>;
}

/** Keys in AWS KMS, as far as signing needs them. @throws AppError `kms-…` of each method */
export interface Kms {
  /** The public key as SubjectPublicKeyInfo in DER (RFC 5280), what it is for, and its ARN. */
  publicKey(keyId: string): Promise<{ keyId: string; spec: string; usage: string; der: Uint8Array }>;
  tags(keyId: string): Promise<Record<string, string>>;
  /** @param digest 32 bytes @returns an ECDSA signature in DER (RFC 3279) */
  sign(keyId: string, digest: Uint8Array): Promise<Uint8Array>;
  /** A fresh key of 32 bytes, and the same as only this key can open it again (`GenerateDataKey`). */
  newDataKey(keyId: string): Promise<DataKey>;
  openDataKey(keyId: string, wrapped: string): Promise<Uint8Array>;
}

/** A key, and the same wrapped by another one that stays where it is. */
export interface DataKey {
  /** 32 bytes. */
  plain: Uint8Array;
  /** Text that the wrapping service makes and understands. */
  wrapped: string;
}

/** What a new signer is made from. */
export interface NewKey {
  /** The signer's id; bound into the encryption where there is one. */
  id: string;
  ownerId: string;
  /** Of a key that is there already, for custodies that make none. */
  keyId?: string | undefined;
  /** One that its owner brings along, for custodies that keep keys: 32 bytes. */
  privateKey?: Hex | undefined;
  /** Of a key that stays with its owner. */
  address?: Hex | undefined;
}

/** A way to keep a signing key. */
export interface Custody {
  /** Unique; equals the file name and the `kind` of a signer row. */
  kind: string;
  title: string;
  /** Makes a fresh key, or admits the one that is named. @throws AppError of the custody */
  create(key: NewKey, parts: CustodyParts): Promise<StoredKey>;
  /** Asks nobody. @throws AppError `signing-key-locked`, `signing-key-damaged`, `custody-not-configured` */
  open(stored: StoredKey, parts: CustodyParts): Signer;
  /** Gives the private key to its owner. Absent where it cannot leave. @throws AppError as `open` */
  reveal?(stored: StoredKey, parts: CustodyParts): Hex;
}

/** Why an execution was undone, in words and as data. Plain JSON. */
export interface RevertReason {
  kind: 'error' | 'panic' | 'custom' | 'raw' | 'empty';
  /** One sentence or expression for people, e.g. `Panic 0x11: arithmetic overflow or underflow`. */
  message: string;
  /** `Error`, `Panic` or the custom error's name. */
  name?: string;
  /** Custom error arguments by name or position; numbers as decimal strings. */
  args?: Record<string, unknown>;
  /** The bytes as returned, at most `limits.revertBytesMax` of them; where there are more, `args` is absent. */
  data: Hex;
}
