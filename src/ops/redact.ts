/** Names under which secrets travel. `token` alone or as the last word, so that `tokenName` of a contract stays. */
const secretName =
  /password|passphrase|secret|private_?key|mnemonic|seed_?phrase|api_?key$|authorization|cookie|encryption_?key|(^|access_?|refresh_?|bearer_?|csrf_?|session_?)token$|^ticket$/i;

/** Secrets that stand in the middle of a text: API keys, signed tokens, passwords in addresses. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\bslip_[a-z0-9]+_[A-Za-z0-9]+_[A-Za-z0-9_-]+/g, 'slip_[secret]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, '[token]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [secret]'],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]+@/gi, '$1:[secret]@'],
  // Node vendors put the key into the path or the query of the address.
  [/(https?:\/\/[^\s/]+\/(?:v[0-9]+|rpc)\/)[A-Za-z0-9_-]{16,}/gi, '$1[secret]'],
  [/([?&](?:api_?key|key|token|access_token|ticket)=)[^&\s]+/gi, '$1[secret]'],
];

const depthMax = 8;

/** @returns `text` with the secrets in it replaced */
export function redactText(text: string): string {
  return secretTexts.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/**
 * Copies a value for a log or an error report with the secrets taken out: by the name they stand under, and by
 * their shape inside texts. Values nested deeper than 8 levels are left out.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  if (depth >= depthMax) return '[deep]';
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value instanceof Error) return redact(plainError(value), depth);
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    copy[name] = secretName.test(name) && item != null ? '[secret]' : redact(item, depth + 1);
  }
  return copy;
}

function plainError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return { ...error, type: name, message, stack, ...(cause === undefined ? {} : { cause }) };
}
