/** Bytes, two digits each. */
export type Hex = `0x${string}`;
/** A 20-byte address in lower case. */
export type Address = Hex;

/** Rules of the chain: before Cancun a self-destruct removes the code (EIP-6780 changed it). */
export type Fork = 'shanghai' | 'osaka';

/** One message to the machine. Nobody signs it, and gas costs nothing. */
export interface Message {
  from: Address;
  /** Left out to create a contract. */
  to?: Address;
  data?: Hex;
  /** Wei. */
  value?: bigint;
}

/** What became of a transaction that was mined. */
export interface Receipt {
  ok: boolean;
  gasUsed: number;
  /** The contract that was created. */
  created?: Address;
  logs: { address: Address; topics: Hex[]; data: Hex }[];
  hash: Hex;
  /** Number of the block that holds it and nothing else. */
  block: number;
}

/** What a call that changes nothing gave. */
export interface CallResult {
  ok: boolean;
  /** The result, or the reason of the revert. */
  output: Hex;
}

/** One instruction that was run. */
export interface EvmStep {
  pc: number;
  op: string;
  /** 1 for the outermost call. */
  depth: number;
  /** Whose code it is. */
  code: Address;
  /** Whose storage it works on: another one within a delegatecall. */
  storage: Address;
  /** The four topmost words before the instruction, the top first. */
  stack: bigint[];
}

/** A small Ethereum of its own, held in memory. Every transaction is a block. */
export interface Evm {
  send(message: Message): Promise<Receipt>;
  call(message: Message): Promise<CallResult>;
  /** Every instruction of a transaction that was sent before. */
  trace(sent: { hash: Hex; to: Address }): Promise<EvmStep[]>;
  balance(address: Address): Promise<bigint>;
  setBalance(address: Address, wei: bigint): Promise<void>;
  code(address: Address): Promise<Hex>;
  /** @param block its number, for what was there after it; the last one when left out */
  storageAt(address: Address, slot: bigint, block?: number): Promise<bigint>;
  /** Seconds that the next block is later than the last one. */
  pass(seconds: number): Promise<void>;
  /** Seconds since 1970 of the last block. */
  now(): Promise<bigint>;
  snapshot(): Promise<string>;
  /** Goes back to a snapshot, which can be used once. */
  revert(snapshot: string): Promise<void>;
}
