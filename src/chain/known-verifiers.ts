import type { NetworkVerifier } from './types.ts';

/** Sourcify's public server, API v2; needs no key. */
export const sourcify: NetworkVerifier = { kind: 'sourcify', apiUrl: 'https://sourcify.dev/server' };

/** Etherscan's API v2: one address and one key for every chain of its family, the chain id goes in the request. */
export const etherscan: NetworkVerifier = { kind: 'etherscan', apiUrl: 'https://api.etherscan.io/v2/api' };

/**
 * A Blockscout instance.
 *
 * @param apiUrl where its API stands below `/api`; no trailing slash
 */
export function blockscout(apiUrl: string): NetworkVerifier {
  return { kind: 'blockscout', apiUrl };
}
