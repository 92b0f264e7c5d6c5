import type { ErrorParameters } from '../lib/app-error.ts';
import { fail } from './errors.ts';
import { type AddressRules, judgeAddress } from './judge-address.ts';
import { isOwnName } from './resolve-name.ts';

/**
 * Reads the address of a new webhook and refuses what can never be called. A name is not resolved here: what it leads
 * to is judged anew by each delivery.
 *
 * @throws AppError `webhook-url-invalid`, `webhook-address-private`
 */
export function readUrl(text: string, rules: AddressRules): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) throw wrong('webhook-url-invalid', { problem: 'it is no URL' });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw wrong('webhook-url-invalid', { problem: 'it begins with neither https:// nor http://' });
  }
  if (url.username !== '' || url.password !== '') {
    throw wrong('webhook-url-invalid', {
      problem: 'it holds a user or a password; the signature shows who sends',
    });
  }
  const host = hostOf(url);
  const own = isOwnName(host);
  const range = own || isLiteral(url) ? judgeAddress(own ? '127.0.0.1' : host, rules) : null;
  if (range !== null) throw wrong('webhook-address-private', { host, range });
  return url;
}

/** The host without the brackets of an IPv6 address. `URL` has turned other spellings of IPv4 into four numbers. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Whether the host is an address already, so that nothing is resolved. */
export function isLiteral(url: URL): boolean {
  return url.hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(url.hostname);
}

function wrong(code: 'webhook-url-invalid' | 'webhook-address-private', parameters: ErrorParameters) {
  return fail(code, parameters, { place: { pointer: '/url' } });
}
