import { limits } from '../lib/limits.ts';
import { type Ask, AskFault } from './verifiers/types.ts';

/**
 * Makes the transport to verifiers. Redirects are not followed: they would carry source and key to a host that nobody
 * named. Faults are told without the address, as it may hold a key.
 *
 * @param options.timeoutMs for the whole exchange
 * @param options.signal ends an exchange with the reason of the signal
 */
export function makeAsk(options: { timeoutMs: number; signal: AbortSignal }): Ask {
  const { timeoutMs, signal } = options;
  return async ({ method, url, body }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
        headers: {
          accept: 'application/json',
          ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
        },
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: response.status,
        text: await readText(response),
        retryAfter: response.headers.get('retry-after'),
      };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof AskFault) throw error;
      throw new AskFault(timeout.aborted ? `no reply within ${timeoutMs} ms` : reasonOf(error));
    }
  };
}

async function readText(response: Response): Promise<string> {
  const max = limits.verifierReplyBytesMax;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > max) throw new AskFault(`sent more than ${max} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` puts what happened into the cause of its error, and the address into neither. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
  return `did not answer: ${code}`;
}
