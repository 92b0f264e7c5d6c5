import { catalogue } from '../lib/app-error.ts';

/** What can go wrong with the parts that the server brings along, and with the directory they live in. */
export const fail = catalogue({
  'embedded-chain-missing': {
    status: 500,
    title: 'No local chain here',
    message:
      'Anvil, the local chain, is neither installed from npm on this {platform} system nor found on the PATH.',
    hint: 'Install Foundry (it brings `anvil`), or install with optional dependencies on Linux x64, or set SLIPWAY_NETWORKS to chains of your own.',
  },
  'embedded-chain-start-failed': {
    status: 500,
    title: 'The local chain did not start',
    message: 'Anvil did not come up ({reason}). Its last words: {detail}',
    hint: 'The whole log is {log}. The chain is kept in {state}; move that file away to begin with an empty chain.',
    retryable: true,
  },
  'data-directory-in-use': {
    status: 500,
    title: 'Another server uses this data directory',
    message: 'The process {pid} already runs Slipway on {directory} (since {since}).',
    hint: 'Stop that process, or set SLIPWAY_DATA (and PORT) to run a second one beside it.',
  },
});
