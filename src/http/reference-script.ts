import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import Fastify from 'fastify';

let script: Promise<{ plain: Buffer; gzip: Buffer }> | undefined;

/**
 * The reference's program, as its package ships it: 4 MB, loaded when somebody opens the page. The package shows it
 * only through its own Fastify plugin, so a server of its own, which listens nowhere, is asked for it.
 */
export function loadReferenceScript(): Promise<{ plain: Buffer; gzip: Buffer }> {
  script ??= load();
  return script;
}

async function load() {
  const { default: reference } = await import('@scalar/fastify-api-reference');
  const app = Fastify({ logger: false });
  await app.register(reference, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
  const plain = (await app.inject('/reference/js/scalar.js')).rawPayload;
  await app.close();
  return { plain, gzip: await promisify(gzipCallback)(plain) };
}
