import { limits } from '../lib/limits.ts';
import { endpointName, scrub } from './endpoint.ts';

/** The part of `fetch` that is used, so that a test or a proxy can stand in. */
export type Fetch = (
  url: string,
  init: {
    method: 'POST';
    headers: Record<string, string>;
    body: string;
    signal: AbortSignal;
    redirect: 'error';
  },
) => Promise<Response>;

/** What one endpoint gave for one call. `fault`: no JSON-RPC answer came, so nothing is known. */
export type RpcReply =
  | { kind: 'result'; result: unknown }
  | { kind: 'error'; error: RpcError }
  | { kind: 'fault'; reason: string };

/** A JSON-RPC 2.0 error object, as far as nodes keep to it. `message` has no secrets. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

export interface RpcCall {
  url: string;
  method: string;
  params: readonly unknown[];
  fetch: Fetch;
  timeoutMs: number;
}

/**
 * One JSON-RPC 2.0 call to one endpoint over HTTP. Never throws: every way to fail is a value. Time and the reply's
 * bytes are limited; redirects are refused, since they would carry the request to a host nobody named.
 */
export async function rpc(call: RpcCall): Promise<RpcReply> {
  const said = (reason: string): RpcReply => ({
    kind: 'fault',
    reason: `${endpointName(call.url)} ${scrub(reason, [call.url])}`,
  });
  try {
    const response = await call.fetch(call.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: call.method, params: call.params }),
      signal: AbortSignal.timeout(call.timeoutMs),
      redirect: 'error',
    });
    const text = await readText(response, limits.rpcReplyBytesMax);
    if (text === null) return said(`sent more than ${limits.rpcReplyBytesMax} bytes`);
    const body = parse(text);
    if (body === null) return said(`answered HTTP ${response.status} with no JSON-RPC reply`);
    // Nodes and gateways put JSON-RPC errors into 4xx and 5xx replies too; overload is the endpoint's, not the call's.
    if ('error' in body && body.error !== null && body.error !== undefined) {
      const error = readError(body.error, call.url);
      return isOverload(response.status, error)
        ? said(`is overloaded: ${error.message}`)
        : { kind: 'error', error };
    }
    if (!response.ok) return said(`answered HTTP ${response.status}`);
    if (!('result' in body)) return said('answered with neither result nor error');
    return { kind: 'result', result: body.result };
  } catch (error) {
    return said(reasonOf(error, call.timeoutMs));
  }
}

async function readText(response: Response, bytesMax: number): Promise<string | null> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): { result?: unknown; error?: unknown } | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

function readError(error: unknown, url: string): RpcError {
  if (typeof error !== 'object' || error === null) return { code: 0, message: scrub(String(error), [url]) };
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  return {
    code: typeof code === 'number' ? code : 0,
    message: scrub(typeof message === 'string' ? message : JSON.stringify(error), [url]),
    ...(data === undefined ? {} : { data }),
  };
}

/** EIP-1474 knows -32005 as "limit exceeded"; gateways say 429 or use words. */
function isOverload(status: number, error: RpcError): boolean {
  if (status === 429 || error.code === 429) return true;
  return (
    error.code === -32005 || /rate.?limit|too many requests|capacity exceeded|quota/i.test(error.message)
  );
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code ? `failed with ${code}` : `failed: ${cause?.message || error.message}`;
}
