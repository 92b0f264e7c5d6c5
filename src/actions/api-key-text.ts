import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idCharacters = 12;
/** 43 characters of 62 are 256 bits. */
const secretCharacters = 43;
const checksumCharacters = 6;

/** A key's text: `slip_<environment>_<id>_<secret><checksum>`. */
export interface ApiKeyText {
  text: string;
  environment: string;
  keyId: string;
}

/** Makes a key from the system's random source. Its text exists here only; the store keeps its hash. */
export function createApiKeyText(environment: string): ApiKeyText {
  const keyId = randomText(idCharacters);
  const body = `slip_${environment}_${keyId}_${randomText(secretCharacters)}`;
  return { text: body + checksum(body), environment, keyId };
}

/**
 * Reads a key. The checksum tells a mistyped key from a foreign one without asking the database, and lets secret
 * scanners know a real one.
 * @returns null when it does not even look like a key; `damaged` when the checksum does not fit
 */
export function parseApiKeyText(text: string): (ApiKeyText & { damaged: boolean }) | null {
  const match = /^slip_([a-z0-9]{1,16})_([0-9A-Za-z]+)_([0-9A-Za-z]+)$/.exec(text);
  if (!match) return null;
  const [, environment = '', keyId = ''] = match;
  const body = text.slice(0, -checksumCharacters);
  return { text, environment, keyId, damaged: checksum(body) !== text.slice(-checksumCharacters) };
}

/** The secret is 256 random bits, so a plain hash keeps it safe; a slow one would only slow the requests down. */
export function hashApiKeyText(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let at = 0; at < checksumCharacters; at++) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

function randomText(characters: number): string {
  return Array.from({ length: characters }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
