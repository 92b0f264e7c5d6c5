import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { judgeAddress, type PrivateAddresses } from './judge-address.ts';
import { hostOf, isLiteral } from './read-url.ts';

/** Finds all addresses of a name. */
export type Resolve = (
  host: string,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface PostOptions {
  url: URL;
  headers: Record<string, string>;
  body: string;
  privateAddresses: PrivateAddresses;
  /** For everything together: resolving, connecting, headers and the kept part of the reply. */
  timeoutMs: number;
  /** How much of the reply is read. */
  replyBytesMax: number;
  signal: AbortSignal;
  /** The system's resolver, unless a test says otherwise. */
  resolve?: Resolve;
}

/** What the receiver said. */
export interface PostReply {
  status: number;
  retryAfter: string | undefined;
  /** The beginning of the body. */
  text: string;
}

/**
 * Sends one request to an address that somebody else chose. Each address that the name resolves to is judged, and the
 * connection goes to one that passed, without asking the resolver again: a name that changes its mind (DNS rebinding)
 * gains nothing. No redirect is followed, no proxy used, no connection kept. The reply counts once its headers are
 * there: however long or slow its body is, only the beginning is read and the connection is dropped.
 *
 * @throws AppError `webhook-address-private`, `webhook-timeout`, `webhook-unreachable`; the signal's reason when aborted
 */
export async function post(options: PostOptions): Promise<PostReply> {
  const { url, signal, privateAddresses, timeoutMs } = options;
  const host = hostOf(url);
  const range = isLiteral(url) ? judgeAddress(host, privateAddresses) : null;
  if (range !== null) throw fail('webhook-address-private', { host, range });
  signal.throwIfAborted();
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return await new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      agent: false,
      headers: { ...options.headers, 'content-length': Buffer.byteLength(options.body) },
      lookup: judgingLookup(options),
    });
    let response: IncomingMessage | undefined;
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => {
      end(fail('webhook-timeout', { host, seconds: timeoutMs / 1000 }));
    }, timeoutMs);
    const abort = () => {
      response = undefined;
      end(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });

    /** The first call counts: a promise settles once, and what a destroyed request still says is not heard. */
    function end(error?: unknown): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      request.destroy();
      if (response) resolve(toReply(response, received));
      else reject(error);
    }

    request.on('error', (error) => end(translated(error, host)));
    request.on('close', () => end(fail('webhook-unreachable', { host, problem: 'it hung up' })));
    request.on('response', (incoming) => {
      response = incoming;
      incoming.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk.subarray(0, options.replyBytesMax - received.length)]);
        if (received.length >= options.replyBytesMax) end();
      });
      incoming.on('end', () => end());
      incoming.on('error', () => end());
    });
    request.end(options.body);
  });
}

/** Resolves a name and hands on only addresses that may be called. */
function judgingLookup({ privateAddresses, resolve = resolveAll }: PostOptions): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host, (error, addresses) => {
      if (error) return callback(error, []);
      const judged = addresses.map((found) => ({
        ...found,
        range: judgeAddress(found.address, privateAddresses),
      }));
      const usable = judged.filter(({ range }) => range === null);
      const [first] = usable;
      if (!first) {
        const range = judged[0]?.range ?? 'no address at all';
        return callback(fail('webhook-address-private', { host, range }), []);
      }
      if (all) return callback(null, usable);
      callback(null, first.address, first.family);
    });
  };
}

const resolveAll: Resolve = (host, callback) => systemLookup(host, { all: true }, callback);

/** The texts of Node's errors may name inner addresses; the code says enough. */
function translated(error: Error, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return fail('webhook-unreachable', { host, problem: code }, { cause: error });
}

function toReply({ statusCode, headers }: IncomingMessage, received: Buffer): PostReply {
  return { status: statusCode ?? 0, retryAfter: headers['retry-after'], text: received.toString() };
}
