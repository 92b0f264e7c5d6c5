import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ToolName } from '../audit/tools/types.ts';
import type { PrivateAddresses } from '../webhooks/judge-address.ts';
import { type NetworkSettings, type RpcEndpoint, readNetworkSettings } from './config-networks.ts';
import { type Problem, parseSettings, type Settings, settingNames } from './config-settings.ts';
import { fail } from './errors.ts';

/** Everything an operator can set, checked and with defaults filled in. Made once, by `service` or `cli`. */
export interface Config {
  /** Address the HTTP server listens on. */
  host: string;
  /** TCP port; 0 lets the system choose. */
  port: number;
  /** What to do when the port is taken: stop with a message, or try the next one. */
  portConflict: 'fail' | 'next';
  /** Absolute path of the directory that holds everything embedded (`.slipway`). */
  dataDir: string;
  /** PostgreSQL connection URL; null means the embedded server. */
  databaseUrl: string | null;
  /** Networks by name that something was set of; the built-in list is in `chain/networks`. */
  networks: Record<string, NetworkSettings>;
  registration: 'open' | 'invite' | 'closed';
  /** Stands in API keys (`slip_<environment>_…`), so that a key shows where it belongs. */
  environment: string;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** How long a claimed job belongs to its worker without a heartbeat. */
  leaseSeconds: number;
  /** How long jobs are kept after their end. */
  retentionDays: number;
  /** What wakes workers in other processes; `redis` where `redisUrl` is set, unless said otherwise. */
  queueEngine: 'postgres' | 'redis';
  redisUrl: string | null;
  /** Jobs of all owners that nobody has started, beyond which the service takes no more. */
  queuedMax: number;
  /** What jobs in hand get to come to an end when the process is told to stop. */
  graceSeconds: number;
  /** Where a process without an API shows its metrics; null for nowhere. */
  metricsPort: number | null;
  /** Threads of the compiler process. */
  compilerWorkers: number;
  /** Limits of one compile. */
  compileSeconds: number;
  compileMemoryBytesMax: number;
  /** Where compilers that are not bundled come from; null for nowhere. */
  compilerListUrl: string | null;
  /** Absolute path of a folder of native compilers; null where there is none. */
  nativeCompilersDir: string | null;
  /** Analysers that an audit may name, where their programs are, what keeps them apart, and how long each may take. */
  auditTools: {
    allowed: readonly ToolName[];
    paths: Readonly<Record<string, string>>;
    isolation: 'namespaces' | 'process';
    seconds: number;
  };
  /** Files and folders with keys: what foreign programs must not see. */
  secretPaths: readonly string[];
  /** Jobs one process runs at a time. */
  jobsInFlight: number;
  /** 32 bytes from the environment; null means the file in the data directory (see `master-key.ts`). */
  keyEncryptionKey: Uint8Array | null;
  /** Who makes and wraps the master key; null for the environment or the file. */
  masterKeySource: { kind: 'aws-kms' | 'vault'; key: string } | null;
  /** Where keys in AWS KMS are; null for nowhere. */
  kms: { region: string; endpoint?: string | undefined } | null;
  /** Where keys in HashiCorp Vault are; null for nowhere. The token is read anew each time it is asked for. */
  vault: { address: string; token: () => string; mount: string; namespace?: string | undefined } | null;
  /** Fastify's `trustProxy`: no, yes, a number of hops, or the proxies' addresses. */
  trustProxy: boolean | number | string[];
  /** Origins that a browser may call from. */
  corsOrigins: string[];
  /** Addresses beside public ones that webhooks may call: none, all, or ranges in CIDR form. */
  webhookPrivate: PrivateAddresses;
  /** The key for Etherscan's API, and what may be done with it. */
  etherscan: { apiKey: string | null; requestsPerSecond: number; submissionsPerDay: number };
  /** The address that users see, without a trailing slash; null means the listening address. */
  publicUrl: string | null;
  /** The PATH: where `anvil` and external analysers are looked for. */
  searchPath: string;
  /** Sentences for the log: settings that look mistyped. */
  warnings: string[];
}

export type { NetworkSettings, RpcEndpoint };

/** @returns whether an address was set for the network; for `local`, that replaces the embedded chain */
export function hasEndpoints(config: Pick<Config, 'networks'>, name: string): boolean {
  return (config.networks[name]?.endpoints.length ?? 0) > 0;
}

/** An environment as `process.env` gives it. */
export type Environment = Record<string, string | undefined>;

/**
 * Reads every setting at once, so that an operator sees all mistakes in one message. The only place of the
 * platform that looks at the environment. Reads the files that `SLIPWAY_NETWORKS_FILE` and `SLIPWAY_NETWORKS` name.
 *
 * @param cwd directory that relative paths start from
 * @throws AppError `bad-settings` that lists each wrong setting with what it should be; secrets are not repeated
 */
export function readConfig(env: Environment, cwd: string): Config {
  const problems: Problem[] = [];
  const settings = parseSettings(env, problems);
  const networks = readNetworkSettings(env, cwd, problems);
  if (settings.SLIPWAY_QUEUE_ENGINE === 'redis' && !settings.REDIS_URL) {
    problems.push({ name: 'SLIPWAY_QUEUE_ENGINE', given: 'redis', expected: 'REDIS_URL beside it' });
  }
  const { SLIPWAY_VAULT_ADDR: vault, SLIPWAY_VAULT_TOKEN: token, SLIPWAY_VAULT_TOKEN_FILE: file } = settings;
  if (vault && (token === undefined) === (file === undefined)) {
    problems.push({
      name: 'SLIPWAY_VAULT_TOKEN',
      expected: 'set, or SLIPWAY_VAULT_TOKEN_FILE in its place, beside SLIPWAY_VAULT_ADDR',
    });
  }
  if (settings.SLIPWAY_MASTER_KEY_SOURCE && settings.SLIPWAY_KEY_ENCRYPTION_KEY) {
    problems.push({ name: 'SLIPWAY_MASTER_KEY_SOURCE', expected: 'no SLIPWAY_KEY_ENCRYPTION_KEY beside it' });
  }
  if (problems.length > 0) {
    throw fail(
      'bad-settings',
      { count: problems.length, problems: problems.map(describe).join('\n') },
      { issues: problems.map((p) => ({ pointer: `/${p.name}`, code: 'bad-setting', message: describe(p) })) },
    );
  }
  return assemble(settings, networks, env, cwd);
}

function assemble(
  settings: Settings,
  networks: Record<string, NetworkSettings>,
  env: Environment,
  cwd: string,
): Config {
  const portSet = (env['PORT'] ?? '') !== '';
  const dataDir = resolve(cwd, settings.SLIPWAY_DATA);
  return {
    host: settings.HOST,
    port: settings.PORT,
    portConflict: settings.SLIPWAY_PORT_CONFLICT ?? (portSet ? 'fail' : 'next'),
    dataDir,
    databaseUrl: settings.DATABASE_URL ?? null,
    networks,
    registration: settings.SLIPWAY_REGISTRATION,
    environment: settings.SLIPWAY_ENVIRONMENT,
    logLevel: settings.SLIPWAY_LOG_LEVEL,
    leaseSeconds: settings.SLIPWAY_LEASE_SECONDS,
    retentionDays: settings.SLIPWAY_RETENTION_DAYS,
    queueEngine: settings.SLIPWAY_QUEUE_ENGINE ?? (settings.REDIS_URL ? 'redis' : 'postgres'),
    redisUrl: settings.REDIS_URL ?? null,
    queuedMax: settings.SLIPWAY_QUEUED_MAX,
    graceSeconds: settings.SLIPWAY_GRACE_SECONDS,
    metricsPort: settings.SLIPWAY_METRICS_PORT ?? null,
    compilerWorkers: settings.SLIPWAY_WORKERS,
    compileSeconds: settings.SLIPWAY_COMPILE_SECONDS,
    compileMemoryBytesMax: settings.SLIPWAY_COMPILE_MEMORY * 1_048_576,
    compilerListUrl: settings.SLIPWAY_SOLC_LIST === 'off' ? null : settings.SLIPWAY_SOLC_LIST,
    nativeCompilersDir: settings.SLIPWAY_SOLC_DIR ? resolve(cwd, settings.SLIPWAY_SOLC_DIR) : null,
    auditTools: {
      allowed: settings.SLIPWAY_AUDIT_TOOLS,
      paths: settings.SLIPWAY_TOOL_PATHS,
      isolation: settings.SLIPWAY_TOOL_ISOLATION,
      seconds: settings.SLIPWAY_TOOL_SECONDS,
    },
    secretPaths: [dataDir, settings.SLIPWAY_VAULT_TOKEN_FILE].flatMap((path) =>
      path === undefined ? [] : [resolve(cwd, path)],
    ),
    jobsInFlight: settings.SLIPWAY_CONCURRENCY,
    keyEncryptionKey: settings.SLIPWAY_KEY_ENCRYPTION_KEY ?? null,
    masterKeySource: readSource(settings.SLIPWAY_MASTER_KEY_SOURCE),
    kms: settings.SLIPWAY_AWS_KMS_REGION
      ? { region: settings.SLIPWAY_AWS_KMS_REGION, endpoint: settings.SLIPWAY_AWS_KMS_ENDPOINT }
      : null,
    vault: readVault(settings, cwd),
    trustProxy: settings.SLIPWAY_TRUST_PROXY,
    corsOrigins: settings.SLIPWAY_CORS_ORIGINS,
    webhookPrivate: settings.SLIPWAY_WEBHOOK_PRIVATE,
    etherscan: {
      apiKey: settings.SLIPWAY_ETHERSCAN_API_KEY ?? null,
      requestsPerSecond: settings.SLIPWAY_ETHERSCAN_PER_SECOND,
      submissionsPerDay: settings.SLIPWAY_ETHERSCAN_PER_DAY,
    },
    publicUrl: settings.SLIPWAY_PUBLIC_URL ?? null,
    searchPath: env['PATH'] ?? '',
    warnings: unknownNames(env).map((name) => `${name} is not a setting of Slipway and is ignored.`),
  };
}

function describe(problem: Problem): string {
  const given = problem.given === undefined ? '' : ` (given: ${JSON.stringify(problem.given)})`;
  return `- ${problem.name}${given}: expected ${problem.expected}`;
}

/** Names that other parts of the platform read: the command line's own, handed in by `cli` and by tests. */
const elsewhere = ['SLIPWAY_URL', 'SLIPWAY_API_KEY', 'SLIPWAY_NETWORKS', 'SLIPWAY_NETWORKS_FILE'];

function unknownNames(env: Environment): string[] {
  const known = new Set<string>([...elsewhere, ...settingNames]);
  return Object.keys(env)
    .filter((name) => name.startsWith('SLIPWAY_') && !name.startsWith('SLIPWAY_RPC_') && !known.has(name))
    .sort();
}

function readVault(settings: Settings, cwd: string): Config['vault'] {
  const {
    SLIPWAY_VAULT_ADDR: address,
    SLIPWAY_VAULT_TOKEN: token,
    SLIPWAY_VAULT_TOKEN_FILE: file,
  } = settings;
  if (!address) return null;
  return {
    address,
    token: () => token ?? readFileSync(resolve(cwd, file ?? ''), 'utf8').trim(),
    mount: settings.SLIPWAY_VAULT_MOUNT,
    namespace: settings.SLIPWAY_VAULT_NAMESPACE,
  };
}

function readSource(text: string | undefined): Config['masterKeySource'] {
  if (text === undefined) return null;
  const at = text.indexOf(':');
  return { kind: text.slice(0, at) as 'aws-kms' | 'vault', key: text.slice(at + 1) };
}
