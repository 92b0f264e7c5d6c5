import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { OwnerCreatedHook } from '../actions/create-account.ts';
import type { Platform } from '../actions/platform.ts';
import { routes } from '../http/routes/index.ts';
import { buildServer } from '../http/server.ts';
import { createSubjectReader } from '../http/subject-reader.ts';
import type { Config } from '../ops/config.ts';
import type { Health } from '../ops/health.ts';
import type { Metrics } from '../ops/metrics.ts';
import { fail } from './errors.ts';

/** How many ports are tried after a taken one when the setting says so. */
const portsTried = 50;

/** Starts the HTTP server on the configured address. @throws AppError `port-taken` */
export async function startHttp(options: {
  config: Config;
  platform: Platform;
  health: Health;
  metrics: Metrics;
  /** The text of all metrics, for Prometheus. */
  readMetrics: () => Promise<string>;
  onOwnerCreated: readonly OwnerCreatedHook[];
}): Promise<{ url: string; stop(): Promise<void> }> {
  const { config, platform, metrics, health } = options;
  const app = await buildServer({
    platform,
    routes,
    subjects: createSubjectReader(platform.store.read),
    onOwnerCreated: options.onOwnerCreated,
    health,
    metrics: { contentType: metrics.registry.contentType, read: options.readMetrics },
    corsOrigins: config.corsOrigins,
    trustProxy: config.trustProxy,
    onConnections: ({ transport, open }) => metrics.sockets.set({ transport }, open),
    onReply: ({ method, route, status, seconds }) =>
      metrics.httpSeconds.observe({ method, route, status: String(status) }, seconds),
  });
  await listen(app, config);
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { url: `http://${host}:${port}`, stop: () => app.close() };
}

async function listen(app: FastifyInstance, config: Config): Promise<void> {
  const last = config.portConflict === 'next' && config.port !== 0 ? config.port + portsTried : config.port;
  for (let port = config.port; ; port += 1) {
    try {
      await app.listen({ host: config.host, port });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (port >= last) throw fail('port-taken', { port, host: config.host }, { cause: error });
    }
  }
}
