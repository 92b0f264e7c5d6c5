import Fastify from 'fastify';
import type { Health } from '../ops/health.ts';
import { fail } from './errors.ts';

/**
 * Shows the health and the metrics of a process that has no API. No secrets, and nothing that changes anything.
 * @throws AppError `port-taken`
 */
export async function startMetrics(options: {
  host: string;
  port: number;
  health: Health;
  readMetrics: () => Promise<string>;
}): Promise<{ stop(): Promise<void> }> {
  const { host, port } = options;
  const app = Fastify({ logger: false, forceCloseConnections: true });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const { status } = await options.health.report();
    reply.code(status === 'down' ? 503 : 200);
    return { status };
  });
  app.get('/metrics', async (_, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.readMetrics()),
  );
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw fail('port-taken', { port, host }, { cause: error });
    }
    throw error;
  }
  return { stop: () => app.close() };
}
