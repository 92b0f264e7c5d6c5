import { limits } from '../lib/limits.ts';
import { errorList } from './error-list.ts';

/** Every switch by which the reference would call somebody else is off. */
const referenceSettings = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
};

/** Starts the reference on the page; a file of its own, so that the policy need not allow inline scripts. */
export const docsStartScript = `Scalar.createApiReference('#reference', ${JSON.stringify(referenceSettings)});\n`;

export const pageStyle = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main, header { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header a { margin-right: 1rem; }
section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 0.5rem 0; }
section:target { background: color-mix(in srgb, gold 20%, transparent); }
h2 { font-size: 1rem; margin: 0.25rem 0; }
p { margin: 0.25rem 0; }
`;

/** @param nonce allows the style sheet that the reference adds */
export function docsPage(nonce: string): string {
  return page({
    title: 'Slipway API',
    head: `<meta property="csp-nonce" content="${nonce}" nonce="${nonce}">`,
    body: `<div id="reference"><main><p>The reference needs JavaScript. Its source is
      <a href="/openapi.json">/openapi.json</a>.</p></main></div>
    <script src="/docs/reference.js"></script>
    <script src="/docs/start.js"></script>`,
  });
}

/** Where the \`type\` of every problem points to. */
export function errorsPage(): string {
  const sections = Object.entries(errorList)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, entry]) => `<section id="${code}">
      <h2><code>${code}</code> · ${entry.status} · ${escapeHtml(entry.title)}</h2>
      <p>${escapeHtml(entry.message)}</p>
      <p><strong>What to do:</strong> ${escapeHtml(entry.hint)}</p>
      ${entry.retryable ? '<p>The same request may succeed later.</p>' : ''}
    </section>`,
    );
  return page({
    title: 'Errors of the Slipway API',
    head: '',
    body: `<main><h1>Errors</h1>${sections.join('\n')}</main>`,
  });
}

/** Every limit of the platform, from the one file that holds them. */
export function limitsPage(): string {
  const rows = Object.entries(limits).map(
    ([name, value]) =>
      `<tr><td><code>${name}</code></td><td>${typeof value === 'object' ? byName(value) : value}</td></tr>`,
  );
  const table = `<table><thead><tr><th>Limit</th><th>Value</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  return page({ title: 'Limits of Slipway', head: '', body: `<main><h1>Limits</h1>${table}</main>` });
}

/** A limit that is not the same for everybody. */
function byName(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value ?? 'unlimited'}`)
    .join(', ');
}

function page({ title, head, body }: { title: string; head: string; body: string }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    ${head}
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <header><a href="/docs">API reference</a> <a href="/docs/errors">Errors</a> <a href="/docs/limits">Limits</a> <a href="/openapi.json">OpenAPI</a></header>
    ${body}
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
