import type { LookupAddress } from 'node:dns';
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { AppError } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { type AddressRules, judgeAddress } from './judge-address.ts';
import { hostOf, isLiteral } from './read-url.ts';
import type { Resolve } from './resolve-name.ts';

export interface PostOptions {
  url: URL;
  headers: Record<string, string>;
  body: string;
  rules: AddressRules;
  /** For everything together: resolving, connecting, headers and the kept part of the reply. */
  timeoutMs: number;
  /** For the kept part of the reply alone, once its headers are there. */
  bodyTimeoutMs: number;
  /** How much of the reply is read. */
  replyBytesMax: number;
  signal: AbortSignal;
  resolve: Resolve;
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
 * there: however long or slow its body is, only the beginning is read, for a moment, and the connection is dropped.
 *
 * @throws AppError `webhook-address-private`, `webhook-timeout`, `webhook-unreachable`; the signal's reason when aborted
 */
export async function post(options: PostOptions): Promise<PostReply> {
  const { url, signal, rules, timeoutMs, bodyTimeoutMs } = options;
  const host = hostOf(url);
  const range = isLiteral(url) ? judgeAddress(host, rules) : null;
  if (range !== null) throw fail('webhook-address-private', { host, range });
  signal.throwIfAborted();
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return await new Promise((resolve, reject) => {
    const over = new AbortController();
    const request = send(url, {
      method: 'POST',
      agent: false,
      headers: { ...options.headers, 'content-length': Buffer.byteLength(options.body) },
      lookup: judgingLookup(options, over.signal),
    });
    let response: IncomingMessage | undefined;
    let received = Buffer.alloc(0);
    let bodyTimer: NodeJS.Timeout | undefined;
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
      clearTimeout(bodyTimer);
      signal.removeEventListener('abort', abort);
      over.abort();
      request.destroy();
      if (response) resolve(toReply(response, received));
      else reject(error);
    }

    request.on('error', (error) => end(translated(error, host)));
    request.on('close', () => end(fail('webhook-unreachable', { host, problem: 'it hung up' })));
    request.on('response', (incoming) => {
      response = incoming;
      bodyTimer = setTimeout(() => end(), bodyTimeoutMs);
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

/** Resolves a name for a connection, and hands on only addresses that may be called. */
function judgingLookup(options: PostOptions, signal: AbortSignal): LookupFunction {
  return (host, { all }, callback) => {
    usableAddresses(host, options, signal).then(
      (usable) => {
        if (all) callback(null, usable);
        else callback(null, usable[0].address, usable[0].family);
      },
      (error) => callback(error, []),
    );
  };
}

async function usableAddresses(
  host: string,
  { resolve, rules }: PostOptions,
  signal: AbortSignal,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const judged = (await resolve(host, signal)).map((found) => ({
    ...found,
    range: judgeAddress(found.address, rules),
  }));
  const [first, ...others] = judged.filter(({ range }) => range === null);
  if (first) return [first, ...others];
  throw fail('webhook-address-private', { host, range: judged[0]?.range ?? 'no address at all' });
}

/** The texts of Node's errors may name inner addresses; the code says enough. */
function translated(error: Error, host: string): AppError {
  if (error instanceof AppError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return fail('webhook-unreachable', { host, problem: code }, { cause: error });
}

function toReply({ statusCode, headers }: IncomingMessage, received: Buffer): PostReply {
  return { status: statusCode ?? 0, retryAfter: headers['retry-after'], text: received.toString() };
}
