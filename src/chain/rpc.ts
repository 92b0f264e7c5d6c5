import { limits } from '../lib/limits.ts';
import { endpointName, scrub } from './endpoint.ts';
import type { Post } from './post.ts';

/** What one endpoint gave for one call. `fault`: no JSON-RPC answer came, so nothing is known. */
export type RpcReply =
  | { kind: 'result'; result: unknown }
  | { kind: 'error'; error: RpcError }
  | { kind: 'fault'; reason: string; retryAfterSeconds?: number };

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
  post: Post;
  timeoutMs: number;
}

/** Answers on one connection are told apart by it. */
let nextId = 1;

/**
 * One JSON-RPC 2.0 call to one endpoint over the transport. Never throws: every way to fail is a value. Time and the
 * reply's bytes are limited.
 */
export async function rpc(call: RpcCall): Promise<RpcReply> {
  const said = (reason: string, retryAfterSeconds?: number): RpcReply => ({
    kind: 'fault',
    reason: `${endpointName(call.url)} ${scrub(reason, [call.url])}`,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
  const id = nextId;
  nextId = nextId >= Number.MAX_SAFE_INTEGER ? 1 : nextId + 1;
  try {
    const { status, text, json, retryAfterSeconds } = await call.post({
      url: call.url,
      id,
      body: JSON.stringify({ jsonrpc: '2.0', id, method: call.method, params: call.params }),
      timeoutMs: call.timeoutMs,
      replyBytesMax: limits.rpcReplyBytesMax,
    });
    const body = json === undefined ? parse(text) : asObject(json);
    if (body === null) return said(`answered HTTP ${status} with no JSON-RPC reply`, retryAfterSeconds);
    // Nodes and gateways put JSON-RPC errors into 4xx and 5xx replies too; overload is the endpoint's, not the call's.
    if ('error' in body && body.error !== null && body.error !== undefined) {
      const error = readError(body.error, call.url);
      return isOverload(status, error)
        ? said(`is overloaded: ${error.message}`, retryAfterSeconds)
        : { kind: 'error', error };
    }
    if (status < 200 || status > 299) return said(`answered HTTP ${status}`, retryAfterSeconds);
    if (!('result' in body)) return said('answered with neither result nor error');
    return { kind: 'result', result: body.result };
  } catch (error) {
    return said(error instanceof Error ? error.message : 'failed');
  }
}

function parse(text: string): ReturnType<typeof asObject> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(body: unknown): { result?: unknown; error?: unknown } | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? body : null;
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
