import type { FastifyInstance } from 'fastify';
import { publicKeySet } from '../actions/access-tokens.ts';
import type { Health } from '../ops/health.ts';
import type { Frame } from './frame.ts';

/** Where the numbers for Prometheus come from. */
export interface MetricsSource {
  contentType: string;
  read(): Promise<string>;
}

/** A probe asks often; the parts are looked at no more often than this. */
const reportMsMax = 500;

/** Mounts what operators and other services ask: is it alive, can it serve, how is each part, which keys sign. */
export function mountService(
  app: FastifyInstance,
  frame: Frame,
  parts: { health: Pick<Health, 'report'> | undefined; metrics: MetricsSource | undefined },
): void {
  const report = remembered(
    () => parts.health?.report() ?? Promise.resolve({ status: 'ok' as const, parts: [] }),
  );

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const { status } = frame.stopping.aborted ? { status: 'down' as const } : await report();
    reply.header('cache-control', 'no-store').code(status === 'down' ? 503 : 200);
    return { status, stopping: frame.stopping.aborted };
  });
  app.get('/health', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return report();
  });
  app.get('/metrics', async (_, reply) => {
    const { metrics } = parts;
    if (!metrics) return reply.callNotFound();
    return reply.header('content-type', metrics.contentType).send(await metrics.read());
  });
  app.get('/.well-known/jwks.json', async (_, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return publicKeySet(frame.platform);
  });
}

function remembered<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let known: { value: Promise<Value>; at: number } | undefined;
  return () => {
    const now = performance.now();
    if (!known || now - known.at > reportMsMax) known = { value: make(), at: now };
    return known.value;
  };
}
