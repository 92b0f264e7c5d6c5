/** @returns what may be said of an RPC URL in public: scheme and host. Paths and queries carry API keys. */
export function endpointName(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'an invalid URL';
  }
}

/**
 * Removes what an RPC URL keeps secret from a text that may quote it: the URL itself, its credentials, its query's
 * values and every path segment long enough to be a key. NUL characters go too: no text column of a database takes them.
 *
 * @returns the text, at most 500 characters of it
 */
export function scrub(text: string, urls: readonly string[]): string {
  let clean = text.replaceAll('\0', '');
  for (const url of urls) {
    for (const secret of secretsOf(url)) clean = clean.replaceAll(secret, '***');
  }
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean;
}

/** Longest first, so that a secret inside another one leaves no rest. */
function secretsOf(text: string): string[] {
  if (!URL.canParse(text)) return text === '' ? [] : [text];
  const url = new URL(text);
  const parts = [url.username, url.password, ...url.searchParams.values(), ...url.pathname.split('/')];
  const keys = parts.filter((part) => part.length >= 8 || part === url.password || part === url.username);
  const spelled = keys.flatMap((key) => [key, decodeURIComponentSafely(key)]).filter((key) => key.length > 2);
  const whole = url.pathname.length > 1 || url.search || url.username ? [text, url.href] : [];
  return [...whole, ...spelled].sort((a, b) => b.length - a.length);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
