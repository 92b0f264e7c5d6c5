import { limits } from '../lib/limits.ts';
import {
  type Ask,
  AskFault,
  type AskReply,
  type AskRequest,
  type VerifierAccess,
  type VerifierAnswer,
} from './verifiers/types.ts';

/** A reply that is a JSON object, with its status. */
export interface JsonReply {
  status: number;
  body: Record<string, unknown>;
}

/**
 * Asks for a JSON object. What any server may say is answered here, whatever the protocol: silence, a fault of its own,
 * too many requests, and what is no JSON.
 *
 * @returns the reply, or the answer that it comes to
 */
export async function askJson(
  ask: Ask,
  access: VerifierAccess,
  request: AskRequest,
): Promise<{ reply: JsonReply } | { answer: VerifierAnswer }> {
  let reply: AskReply;
  try {
    reply = await ask(request);
  } catch (error) {
    if (!(error instanceof AskFault)) throw error;
    return { answer: { kind: 'unavailable', final: false, words: shorten(error.message, access) } };
  }
  const body = parseObject(reply.text);
  if (reply.status === 429) {
    const words = shorten(wordsOf(body) || 'HTTP 429', access);
    return { answer: { kind: 'busy', retryAfterSeconds: seconds(reply.retryAfter), words } };
  }
  if (reply.status >= 500 || !body) {
    const what = body ? wordsOf(body) : 'not a JSON object';
    const words = shorten(`HTTP ${reply.status}: ${what || 'no reason given'}`, access);
    return { answer: { kind: 'unavailable', final: false, words } };
  }
  return { reply: { status: reply.status, body } };
}

/** @returns the words without the key and at most as long as is kept */
export function shorten(words: string, { apiKey }: Pick<VerifierAccess, 'apiKey'>): string {
  const safe = apiKey ? words.replaceAll(apiKey, '[key]') : words;
  return safe.slice(0, limits.verifierWordsCharactersMax);
}

/** @returns what the reply says for people, under one of the names that verifiers have for it */
export function wordsOf(body: Record<string, unknown> | null): string {
  for (const name of ['message', 'result', 'error']) {
    const words = body?.[name];
    if (typeof words === 'string' && words !== '') return words;
  }
  return '';
}

/** @returns null for anything but a JSON object */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Of `Retry-After` in seconds (RFC 9110, section 10.2.3); dates are left to our own pauses. */
function seconds(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
}

/**
 * @param compilerLong as the compiler names itself, `0.8.37+commit.abcdef01.Emscripten.clang`
 * @returns version and commit, by which verifiers name a compiler
 */
export function releaseOf(compilerLong: string): string {
  return /^\d+\.\d+\.\d+\+commit\.[0-9a-f]{8}/.exec(compilerLong)?.[0] ?? compilerLong;
}
