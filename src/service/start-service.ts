import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { OwnerCreatedHook } from '../actions/create-account.ts';
import { addDevelopmentSigner } from '../actions/create-signer.ts';
import { ensureLocalOwner } from '../actions/ensure-local-owner.ts';
import type { Platform } from '../actions/platform.ts';
import { reconcileChains } from '../actions/reconcile-chains.ts';
import { connectKms } from '../chain/connect-kms.ts';
import { connectVault } from '../chain/connect-vault.ts';
import { AppError } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';
import { openAnalysers } from '../ops/analysers.ts';
import { compilerOptions } from '../ops/compiler-options.ts';
import { type Config, hasEndpoints } from '../ops/config.ts';
import { createHealth } from '../ops/health.ts';
import { createLog, type Logger } from '../ops/log.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createAdmission } from '../queue/admit.ts';
import type { JobKind } from '../queue/kinds.ts';
import { startCompiler } from '../solidity/start-compiler.ts';
import type { Compiler } from '../solidity/types.ts';
import { openStore } from '../store/db.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { migrate } from '../store/migrate.ts';
import { createChains } from './chains.ts';
import { lockDataDirectory } from './data-lock.ts';
import { startEmbeddedChain } from './embedded-chain.ts';
import { readRecord } from './embedded-chain-process.ts';
import { chainFiles } from './embedded-chain-state.ts';
import { fail } from './errors.ts';
import { addHealthChecks } from './health-checks.ts';
import { localFiles } from './local-files.ts';
import { openEngine } from './open-engine.ts';
import { openMasterKey } from './open-master-key.ts';
import { queueMetrics } from './queue-metrics.ts';
import { repeat } from './repeat.ts';
import { startHttp } from './start-http.ts';
import { startMetrics } from './start-metrics.ts';
import { startPruner } from './start-pruner.ts';
import { startWorkers } from './start-workers.ts';

/** Which parts of the platform this process runs. */
export interface Roles {
  api: boolean;
  /** Kinds of jobs it works on; `true` for all, `false` for none. */
  worker: boolean | readonly JobKind[];
}

export interface Service {
  /** Where the API listens; null without one. */
  url: string | null;
  /** Sentences for people: what is embedded, where the data is. */
  notes: string[];
  log: Logger;
  /** What jobs in hand get when it stops. */
  graceSeconds: number;
  /** Stops everything top-down; no accepted job is lost. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Builds the rooms bottom-up and starts what this process is for. When a part does not come up, those that did are
 * stopped again.
 *
 * @throws AppError of whichever part cannot start, with what to do
 */
export async function startService(
  config: Config,
  roles: Roles,
  logTarget?: { human: boolean },
): Promise<Service> {
  const log = createLog({ level: config.logLevel, ...(logTarget ? { human: logTarget.human } : {}) });
  const stack = createStack(log);
  try {
    return await build(config, roles, { log, stack });
  } catch (error) {
    await stack.unwind();
    throw error;
  }
}

/**
 * Connections to the database. More of them than its processors can serve only wait for each other, and each plans
 * every statement and every foreign key anew: with 24 on two processors a deployment took PostgreSQL a quarter more time
 * than with 8.
 */
const connectionsMax = Math.min(24, Math.max(8, 4 * availableParallelism()));

async function build(config: Config, roles: Roles, tools: { log: Logger; stack: Stack }): Promise<Service> {
  const { log, stack } = tools;
  const metrics = createMetrics({ processMetrics: true });
  const health = createHealth();
  const files = localFiles(config.dataDir);
  const parts = roles.api ? await startOwnParts(config, tools) : await findParts(config, tools);
  const store = openStore({
    url: parts.databaseUrl,
    connectionsMax,
    onError: (error) =>
      log.warn({ code: 'database-connection', error: error.message }, 'a database connection broke'),
  });
  stack.push('store', () => store.close());
  await store.signals.listen();

  const kms = config.kms && connectKms(config.kms);
  const vault = config.vault && connectVault(config.vault);
  const key = Buffer.from(await openMasterKey({ config, store, kms, vault }));
  const platform: Platform = {
    store,
    compiler: parts.compiler,
    analysers: openAnalysers(config),
    chains: createChains({ settings: config.networks, localUrl: parts.localUrl }),
    keyEncryptionKey: { id: sha256Hex(key).slice(0, 16), key },
    kms,
    vault,
    settings: {
      registration: config.registration,
      environment: config.environment,
      issuer: config.publicUrl ?? 'slipway',
      leaseSeconds: config.leaseSeconds,
      webhookPrivate: config.webhookPrivate,
      etherscan: config.etherscan,
    },
    admission: createAdmission({ queuedMax: config.queuedMax }),
    log,
  };
  const engine = openEngine(config, platform);
  stack.push('queue engine', () => engine.close());
  addHealthChecks(health, { platform, engine });
  const onOwnerCreated = ownerHooks(platform);
  if (roles.api && config.databaseUrl === null) await rememberLocalOwner(platform, { files, onOwnerCreated });

  if (roles.worker !== false) {
    // Reconcile first: nothing is sent before each signer was compared with its chain.
    const anchors = new Map();
    await reconcileChains(platform, { anchors });
    const kinds = roles.worker === true ? null : roles.worker;
    const workers = startWorkers({ config, platform, engine, kinds, metrics });
    stack.push('workers', () => workers.stop());
    let turn = 0;
    const watch = repeat(
      () => reconcileChains(platform, { anchors, localOnly: ++turn % publicEveryTurns !== 0 }),
      { everyMs: 5_000, onError: (error) => log.warn({ err: error }, 'chains not reconciled') },
    );
    stack.push('reconciler', () => watch.stop());
    const pruner = startPruner(config, platform);
    stack.push('pruner', () => pruner.stop());
  }
  const readMetrics = queueMetrics(store, metrics);
  if (!roles.api) {
    if (config.metricsPort !== null) {
      const shown = await startMetrics({ host: config.host, port: config.metricsPort, health, readMetrics });
      stack.push('metrics', () => shown.stop());
    }
    return { url: null, notes: parts.notes, log, graceSeconds: config.graceSeconds, stop: stack.unwind };
  }
  const http = await startHttp({ config, platform, health, metrics, readMetrics, onOwnerCreated });
  stack.push('http', () => http.stop());
  files.writeServer({ url: http.url });
  stack.push('server file', async () => files.removeServer());
  return { url: http.url, notes: parts.notes, log, graceSeconds: config.graceSeconds, stop: stack.unwind };
}

/** Public chains are compared once a minute: their nodes have quotas, and a hanging one must not delay the local chain. */
const publicEveryTurns = 12;

/** What a process stands on. */
interface Parts {
  databaseUrl: string;
  compiler: Compiler;
  localUrl: (() => string) | null;
  notes: string[];
}

/**
 * Brings up what the settings do not replace, on a data directory that is locked for this process. Database, chain
 * and compiler come up side by side: together they take as long as the slowest.
 */
async function startOwnParts(config: Config, { log, stack }: { log: Logger; stack: Stack }): Promise<Parts> {
  const lock = lockDataDirectory({ dataDir: config.dataDir, now: new Date() });
  stack.push('data lock', async () => lock.release());
  const embedsChain = !hasEndpoints(config, 'local');
  const settled = await Promise.allSettled([
    startDatabase(config, log),
    embedsChain
      ? startEmbeddedChain({ dataDir: config.dataDir, searchPath: config.searchPath, log: chainLog(log) })
      : null,
    startCompiler(compilersOf(config)),
  ]);
  const [database, chain, compiler] = settled;
  stack.push('embedded parts', async () => {
    const stops = await Promise.allSettled([
      database.status === 'fulfilled' ? database.value.stop() : undefined,
      chain.status === 'fulfilled' ? chain.value?.stop() : undefined,
      compiler.status === 'fulfilled' ? compiler.value.close() : undefined,
    ]);
    for (const stop of stops) if (stop.status === 'rejected') throw stop.reason;
  });
  for (const part of settled) if (part.status === 'rejected') throw part.reason;
  if (database.status !== 'fulfilled' || chain.status !== 'fulfilled' || compiler.status !== 'fulfilled') {
    throw new Error('unreachable');
  }
  compiler.value.warm().catch((error) => {
    // Stopped before it was warm: nothing is wrong.
    if (!(error instanceof AppError)) log.warn({ err: error }, 'the compiler did not warm up');
  });
  const local = chain.value;
  return {
    databaseUrl: database.value.url,
    compiler: compiler.value,
    localUrl: local ? () => local.url : null,
    notes: [
      database.value.note,
      ...(local ? [`Local chain 31337 ${local.adopted ? 'taken over' : 'started'} on ${local.url}`] : []),
      `Data in ${config.dataDir}`,
    ],
  };
}

/** A process that only works on jobs stands on the parts of the server: it starts none but its own compiler. */
async function findParts(config: Config, { stack }: { stack: Stack }): Promise<Parts> {
  const databaseUrl = config.databaseUrl ?? findEmbeddedPostgres({ dataDir: config.dataDir })?.url;
  if (!databaseUrl) throw fail('embedded-parts-absent', { dataDir: config.dataDir });
  const compiler = await startCompiler(compilersOf(config));
  stack.push('compiler', () => compiler.close());
  const port = () => readRecord(chainFiles(config.dataDir))?.port;
  const embedded = !hasEndpoints(config, 'local') && port() !== undefined;
  return {
    databaseUrl,
    compiler,
    localUrl: embedded ? () => `http://127.0.0.1:${port()}` : null,
    notes: [],
  };
}

/** Compilers that are downloaded lie with the data. */
function compilersOf(config: Config) {
  return compilerOptions(config, join(config.dataDir, 'compilers'));
}

async function startDatabase(config: Config, log: Logger) {
  const { databaseUrl } = config;
  if (databaseUrl !== null) {
    await migrate({ url: databaseUrl });
    return { url: databaseUrl, note: 'PostgreSQL from DATABASE_URL', stop: async () => {} };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log: chainLog(log) });
  try {
    await migrate({ url: embedded.url });
  } catch (error) {
    await embedded.stop();
    throw error;
  }
  const how = embedded.adopted ? 'taken over' : embedded.created ? 'created' : 'started';
  return { url: embedded.url, note: `PostgreSQL ${how} (embedded)`, stop: () => embedded.stop() };
}

/** What embedded parts say of themselves is for the debug level, faults aside. */
function chainLog(log: Logger) {
  return {
    info: (facts: Record<string, unknown>, message: string) => log.debug(facts, message),
    warn: (facts: Record<string, unknown>, message: string) => log.warn(facts, message),
  };
}

function ownerHooks(platform: Platform): OwnerCreatedHook[] {
  const hasLocalChain = platform.chains.list().some((network) => network.kind === 'local');
  if (!hasLocalChain) return [];
  return [async (tx, actor) => void (await addDevelopmentSigner(tx, platform.keyEncryptionKey, actor))];
}

/** The account of whoever runs this folder, and its key in a file: the first command needs no sign-up. */
async function rememberLocalOwner(
  platform: Platform,
  options: { files: ReturnType<typeof localFiles>; onOwnerCreated: OwnerCreatedHook[] },
): Promise<void> {
  const lost = options.files.readApiKey() === null;
  const { onOwnerCreated } = options;
  const { apiKey } = await ensureLocalOwner(platform, { onOwnerCreated, rotate: lost });
  if (apiKey !== null) options.files.writeApiKey(apiKey);
}

interface Stack {
  push(name: string, stop: () => Promise<void>): void;
  unwind(): Promise<void>;
}

/** What was started, to be stopped in the opposite order; a part that will not stop does not keep the others. */
function createStack(log: Logger): Stack {
  const parts: { name: string; stop: () => Promise<void> }[] = [];
  return {
    push(name, stop) {
      parts.push({ name, stop });
    },
    async unwind() {
      for (let part = parts.pop(); part; part = parts.pop()) {
        try {
          await part.stop();
        } catch (error) {
          log.error({ part: part.name, err: error }, 'a part did not stop cleanly');
        }
      }
    },
  };
}
