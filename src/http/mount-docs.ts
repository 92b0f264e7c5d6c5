import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { docsPage, docsStartScript, errorsPage, limitsPage, pageStyle } from './docs-pages.ts';
import type { Endpoint } from './endpoint.ts';
import { buildOpenApi } from './openapi.ts';
import { loadReferenceScript } from './reference-script.ts';

/**
 * Mounts the API reference: everything it needs comes from this server, and its policy lets nothing else in, so it
 * works on a machine without a network and tells nobody that it was opened.
 */
export function mountDocs(
  app: FastifyInstance,
  options: { routes: readonly Endpoint[]; version: string },
): void {
  // Made at the first request: most processes are never asked.
  let openApi: string | undefined;
  app.get('/openapi.json', async (_, reply) => {
    openApi ??= JSON.stringify(buildOpenApi(options));
    return reply.type('application/json').header('cache-control', 'no-cache').send(openApi);
  });
  app.get('/docs', async (_, reply) => {
    // The reference adds one style sheet of its own, and takes the nonce for it from the page.
    const nonce = randomBytes(16).toString('base64');
    return reply
      .header('content-security-policy', policy(`'nonce-${nonce}'`))
      .type('text/html; charset=utf-8')
      .send(docsPage(nonce));
  });
  for (const [path, show] of [
    ['/docs/errors', errorsPage],
    ['/docs/limits', limitsPage],
  ] as const) {
    app.get(path, async (_, reply) =>
      reply.header('content-security-policy', policy()).type('text/html; charset=utf-8').send(show()),
    );
  }
  app.get('/docs/page.css', async (_, reply) => reply.type('text/css; charset=utf-8').send(pageStyle));
  app.get('/docs/start.js', async (_, reply) =>
    reply.type('text/javascript; charset=utf-8').send(docsStartScript),
  );
  app.get('/docs/reference.js', async (request, reply) => {
    const { plain, gzip } = await loadReferenceScript();
    const packed = request.headers['accept-encoding']?.includes('gzip') ?? false;
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'public, max-age=3600');
    reply.header('vary', 'accept-encoding');
    if (packed) reply.header('content-encoding', 'gzip');
    return reply.send(packed ? gzip : plain);
  });
}

/** @param styles further sources of style sheets */
function policy(styles = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${styles}`.trim(),
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
