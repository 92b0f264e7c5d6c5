import type { ChainClient, ChainHealth, KeyEncryptionKey, Kms, Network, Vault } from '../chain/types.ts';
import type { Analysers } from '../ops/analysers.ts';
import type { Admission } from '../queue/admit.ts';
import type { Compiler } from '../solidity/types.ts';
import type { Store } from '../store/db.ts';
import type { PrivateAddresses } from '../webhooks/judge-address.ts';

/** The rooms an action works with, built once by `service`. */
export interface Platform {
  store: Store;
  compiler: Compiler;
  /** The analysers beside the built-in one. */
  analysers: Analysers;
  chains: Chains;
  keyEncryptionKey: KeyEncryptionKey;
  /** Null where the operator has set up none. */
  kms: Kms | null;
  vault: Vault | null;
  settings: Settings;
  admission: Admission;
  log: Log;
}

/** The networks that this installation can reach, and those that it knows. */
export interface Chains {
  /** Those that it can reach. */
  list(): Network[];
  /** All that it knows, the operator's own included. */
  known(): { network: Network; configured: boolean }[];
  /** @throws AppError `unknown-network`, `network-not-configured`, `network-unsupported` */
  network(name: string): Network;
  /** A connected client, chain id checked. @throws AppError as above, `chain-unreachable`, `wrong-chain` */
  connect(name: string): Promise<ChainClient>;
  /** How each of the network's nodes does, in the order of the settings, a few seconds old at most. @throws AppError as `network` */
  probe(name: string): Promise<ChainHealth[]>;
}

export interface Settings {
  registration: 'open' | 'invite' | 'closed';
  /** Stands in API keys: `slip_<environment>_…`. */
  environment: string;
  /** `iss` and `aud` of access tokens. */
  issuer: string;
  leaseSeconds: number;
  /** Addresses beside public ones that webhooks may call. */
  webhookPrivate: PrivateAddresses;
  /** The key for Etherscan's API, null where there is none, and what may be done with it. */
  etherscan: { apiKey: string | null; requestsPerSecond: number; submissionsPerDay: number };
}

/** The part of pino that actions use. */
export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

export type Role = 'user' | 'operator' | 'auditor';
export type Scope = '*' | `${string}:${'read' | 'write'}`;

/** Who acts: a person with a session, or one of their API keys. */
export interface Actor {
  ownerId: string;
  userId: string;
  projectId: string;
  roles: Role[];
  scopes: Scope[];
  tier: 'free' | 'pro' | 'enterprise';
  via: { kind: 'session' | 'api-key' | 'system'; id: string };
}

/** One call of an action: by whom, under which request, and under which Idempotency-Key if any. */
export interface ActionContext {
  actor: Actor;
  requestId: string;
  idempotency: { route: string; key: string; bodyHash: string } | null;
}
