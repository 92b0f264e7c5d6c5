import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { toolNames } from '../audit/tools/types.ts';
import { limits } from '../lib/limits.ts';
import { parsePrivateAddresses } from '../webhooks/judge-address.ts';
import { parseKey } from './master-key.ts';

/** A setting that cannot be used. `given` is left out where it could be a secret. */
export interface Problem {
  name: string;
  given?: string;
  expected: string;
}

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const list = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const postgresUrl = z.string().refine((text) => ['postgres:', 'postgresql:'].includes(protocolOf(text)));
const redisUrl = z.string().refine((text) => ['redis:', 'rediss:'].includes(protocolOf(text)));
const webUrl = z.string().refine((text) => ['http:', 'https:'].includes(protocolOf(text)));
const origins = z
  .string()
  .transform(list)
  .refine((all) => all.every((text) => URL.canParse(text) && new URL(text).origin === text));
const key = z
  .string()
  .transform(parseKey)
  .refine((bytes) => bytes !== null);
const privateAddresses = z.string().transform((text, context) => {
  const read = parsePrivateAddresses(text);
  if (read !== null) return read;
  context.addIssue('neither a word nor ranges');
  return z.NEVER;
});

const toolPaths = z.string().transform((text, context) => {
  const pairs = list(text).map((pair) => /^([a-z]+)=(\/.+)$/.exec(pair));
  const isKnown = (name: string | undefined) => toolNames.some((known) => known === name);
  if (pairs.every((pair) => pair !== null && isKnown(pair[1]))) {
    return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
  }
  context.addIssue('no list of names and paths');
  return z.NEVER;
});

/** Of the compiler's makers: every release as `soljson`, with its SHA-256. */
const officialList = 'https://binaries.soliditylang.org/bin/list.json';

/** One row per setting: how to read it, what it must look like, whether its value may be repeated in a message. */
const table = {
  HOST: { read: z.string().default('127.0.0.1'), expected: 'an address to listen on, such as 127.0.0.1' },
  PORT: { read: whole(0, 65_535).default(4280), expected: 'a TCP port from 0 to 65535' },
  SLIPWAY_PORT_CONFLICT: { read: z.enum(['fail', 'next']).optional(), expected: '`fail` or `next`' },
  SLIPWAY_DATA: { read: z.string().default('.slipway'), expected: 'the path of a directory' },
  DATABASE_URL: {
    read: postgresUrl.optional(),
    expected: 'postgres://user:password@host:port/database',
    secret: true,
  },
  SLIPWAY_REGISTRATION: {
    read: z.enum(['open', 'invite', 'closed']).default('open'),
    expected: '`open`, `invite` or `closed`',
  },
  SLIPWAY_ENVIRONMENT: {
    read: z
      .string()
      .regex(/^[a-z0-9]{1,16}$/)
      .default('local'),
    expected: '1 to 16 lower-case letters or digits, such as `prod`',
  },
  SLIPWAY_LOG_LEVEL: {
    read: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    expected: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`',
  },
  SLIPWAY_LEASE_SECONDS: {
    read: whole(1, 3600).default(limits.jobLeaseSeconds),
    expected: 'whole seconds from 1 to 3600',
  },
  SLIPWAY_RETENTION_DAYS: {
    read: whole(limits.retentionDaysMin, 36_500).default(limits.retentionDays),
    expected: 'whole days from 1 to 36500',
  },
  SLIPWAY_WORKERS: {
    read: whole(1, 64).default(Math.min(4, availableParallelism())),
    expected: 'a number of compiler threads from 1 to 64',
  },
  SLIPWAY_COMPILE_SECONDS: {
    read: whole(1, limits.compileSecondsMax).default(limits.compileSeconds),
    expected: `whole seconds from 1 to ${limits.compileSecondsMax}`,
  },
  SLIPWAY_COMPILE_MEMORY: {
    read: whole(64, 2_048).default(limits.compilerMemoryBytesMax / 1_048_576),
    expected: 'whole megabytes from 64 to 2048',
  },
  SLIPWAY_SOLC_LIST: {
    read: z.union([z.literal('off'), webUrl]).default(officialList),
    expected: '`off`, or the address of a list.json of compilers',
  },
  SLIPWAY_SOLC_DIR: { read: z.string().optional(), expected: 'the path of a folder of native compilers' },
  SLIPWAY_AUDIT_TOOLS: {
    read: z
      .string()
      .transform(list)
      .pipe(z.array(z.enum(toolNames)))
      .default([...toolNames]),
    expected: `names of analysers separated by commas: ${toolNames.join(', ')}`,
  },
  SLIPWAY_TOOL_PATHS: {
    read: toolPaths.default({}),
    expected:
      'programs of analysers by absolute path, such as slither=/opt/slither/bin/slither, separated by commas',
  },
  SLIPWAY_TOOL_SECONDS: {
    read: whole(5, limits.toolSecondsMax).default(limits.toolSeconds),
    expected: `whole seconds from 5 to ${limits.toolSecondsMax}`,
  },
  SLIPWAY_TOOL_ISOLATION: {
    read: z.enum(['namespaces', 'process']).default('namespaces'),
    expected: '`namespaces`, or `process` where the machine has none',
  },
  SLIPWAY_CONCURRENCY: {
    read: whole(1, 1000).default(limits.jobsInFlightPerProcess),
    expected: 'a number of jobs from 1 to 1000',
  },
  REDIS_URL: {
    read: redisUrl.optional(),
    expected: 'redis://user:password@host:port or rediss://…',
    secret: true,
  },
  SLIPWAY_QUEUE_ENGINE: {
    read: z.enum(['postgres', 'redis']).optional(),
    expected: '`postgres`, or `redis` with REDIS_URL',
  },
  SLIPWAY_QUEUED_MAX: {
    read: whole(1, 10_000_000).default(limits.serviceJobsQueuedMax),
    expected: 'a number of jobs from 1 to 10000000',
  },
  SLIPWAY_GRACE_SECONDS: {
    read: whole(0, 3600).default(limits.graceSeconds),
    expected: 'whole seconds from 0 to 3600',
  },
  SLIPWAY_METRICS_PORT: { read: whole(1, 65_535).optional(), expected: 'a TCP port from 1 to 65535' },
  SLIPWAY_KEY_ENCRYPTION_KEY: { read: key.optional(), expected: '32 bytes in hex or base64', secret: true },
  SLIPWAY_MASTER_KEY_SOURCE: {
    read: z
      .string()
      .regex(/^(aws-kms:[\w:/.-]+|vault:[\w-]+)$/)
      .optional(),
    expected: '`aws-kms:` and a key id or ARN, or `vault:` and the name of a key of the transit engine',
  },
  SLIPWAY_AWS_KMS_REGION: {
    read: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional(),
    expected: 'an AWS region, such as eu-central-1',
  },
  SLIPWAY_AWS_KMS_ENDPOINT: { read: webUrl.optional(), expected: 'the address of a private KMS endpoint' },
  SLIPWAY_VAULT_ADDR: { read: webUrl.optional(), expected: 'the address of a Vault server' },
  SLIPWAY_VAULT_TOKEN: { read: z.string().min(1).optional(), expected: 'a token of Vault', secret: true },
  SLIPWAY_VAULT_TOKEN_FILE: {
    read: z.string().optional(),
    expected: 'the path of a file with a token of Vault',
  },
  SLIPWAY_VAULT_MOUNT: {
    read: z
      .string()
      .regex(/^[\w-]+(\/[\w-]+)*$/)
      .default('secret'),
    expected: 'the mount of a key-value store of version 2, such as `secret`',
  },
  SLIPWAY_VAULT_NAMESPACE: { read: z.string().optional(), expected: 'a namespace of Vault' },
  SLIPWAY_TRUST_PROXY: {
    read: z.string().transform(trustProxy).default(false),
    expected: '`true`, `false`, a number of hops, or addresses separated by commas',
  },
  SLIPWAY_CORS_ORIGINS: {
    read: origins.default([]),
    expected: 'origins separated by commas, such as https://console.example.org (no path, no trailing slash)',
  },
  SLIPWAY_WEBHOOK_PRIVATE: {
    read: privateAddresses.default(false),
    expected: '`true`, `false`, or ranges separated by commas, such as 10.0.0.0/8',
  },
  SLIPWAY_ETHERSCAN_API_KEY: {
    read: z
      .string()
      .regex(/^[A-Za-z0-9_-]{8,100}$/)
      .optional(),
    expected: 'an API key of etherscan.io: 8 to 100 letters, digits, hyphens or underscores',
    secret: true,
  },
  SLIPWAY_ETHERSCAN_PER_SECOND: {
    read: whole(1, 1_000).default(limits.etherscanRequestsPerSecond),
    expected: 'a number of requests a second from 1 to 1000',
  },
  SLIPWAY_ETHERSCAN_PER_DAY: {
    read: whole(1, 1_000_000).default(limits.etherscanSubmissionsPerDay),
    expected: 'a number of submissions a day from 1 to 1000000',
  },
  SLIPWAY_PUBLIC_URL: {
    read: webUrl.transform((text) => text.replace(/\/+$/, '')).optional(),
    expected: 'an address that begins with http:// or https://',
  },
} satisfies Record<string, { read: z.ZodType; expected: string; secret?: boolean }>;

type Table = typeof table;

/** The parsed settings by their environment names. */
export type Settings = { [Name in keyof Table]: z.output<Table[Name]['read']> };

/** Names of all plain settings, for finding mistyped ones. */
export const settingNames: string[] = Object.keys(table);

/** Parses each setting on its own and adds the wrong ones to `problems`. An empty variable counts as not set. */
export function parseSettings(env: Record<string, string | undefined>, problems: Problem[]): Settings {
  const settings: Record<string, unknown> = {};
  for (const [name, row] of Object.entries<{ read: z.ZodType; expected: string; secret?: boolean }>(table)) {
    const given = env[name]?.trim() || undefined;
    const result = row.read.safeParse(given);
    if (result.success) settings[name] = result.data;
    else problems.push({ name, expected: row.expected, ...(row.secret || !given ? {} : { given }) });
  }
  return settings as Settings;
}

function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : '';
}

function trustProxy(text: string): boolean | number | string[] {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : list(text);
}
