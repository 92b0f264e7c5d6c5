import type { Executable } from '../../solidity/types.ts';

/** Whether a finding was shown by execution. What was not shown is not thereby safe. */
export interface Proof {
  status: 'proven' | 'not-proven';
  /** One sentence: what the attack did, or why there is none. */
  summary: string;
  /** Who and what takes part, by the names that the transactions use. */
  accounts: { name: string; address: string }[];
  /** Everything after the deployment that is needed, in order; the attacker's own come last. */
  transactions: ProofTransaction[];
  /** What is different after the attacker's transactions. */
  changes: ProofChange[];
  /** Of computing; by the clock it is longer where others compute too. */
  seconds: number;
}

export interface ProofTransaction {
  /** A name of `accounts`. */
  caller: string;
  /** A name of `accounts`. */
  contract: string;
  /** `withdraw(uint256)`, `constructor(address)`, or `receive` for plain ether. */
  function: string;
  /** `name = value`, one an argument; numbers are decimal. */
  arguments: string[];
  /** Wei, decimal. */
  value: string;
  /** What is special about it, such as seconds that passed before, or what the attacker's contract does when called. */
  note?: string;
}

/** A value before and after the attack. */
export interface ProofChange {
  what: string;
  before: string;
  after: string;
}

/** What an attack has to bring about. */
export type GoalName =
  | 'taken'
  | 're-entered'
  | 'authority'
  | 'killed'
  | 'foreign-code'
  | 'wrapped'
  | 'blocked'
  | 'lured';

/** What the search for an attack is given: plain data, as it crosses into another process. */
export interface ProofTask {
  /** Decides every choice of the search: the same task is searched the same way. */
  seed: string;
  goals: GoalName[];
  /** Where the fault is, in bytes of the sources: an attack that does not run it proves nothing. */
  place: Place;
  /** The contracts that are deployed for it, one after the other, until one gives a proof. */
  targets: Target[];
  /** All contracts that can be deployed. */
  executables: Executable[];
  /** The attacker's contracts and mocks. */
  helpers: Executable[];
  /** Of computing. */
  seconds: number;
  /** By the clock, at most. */
  clockSeconds: number;
}

export interface Place {
  file: number;
  start: number;
  length: number;
  /** The compiler's type at the place, such as `uint8`; empty where it has none. */
  type: string;
  /** The function around it, for places that no instruction is made from. */
  around: { start: number; length: number };
}

/** A contract to deploy and what is known of it. */
export interface Target {
  /** Index into `executables`. */
  executable: number;
  /** Names of the functions that lead to the place. */
  focus: string[];
  /** Names of the functions that write what these read. */
  feeders: string[];
  /** Numbers that stand in its sources. */
  literals: string[];
  /** For the name of a contract type, indices of the contracts of this build that are one. */
  kinds: Record<string, number[]>;
}
