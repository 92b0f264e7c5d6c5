import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'port-taken': {
    status: 500,
    title: 'Port taken',
    message: 'Port {port} on {host} is in use by another process.',
    hint: 'Set PORT to another one, or SLIPWAY_PORT_CONFLICT=next to take the next free one.',
  },
  'embedded-parts-absent': {
    status: 503,
    title: 'No database to work with',
    message: 'No server runs on {dataDir}, and DATABASE_URL is not set.',
    hint: 'Start `slipway serve` first, or set DATABASE_URL.',
  },
  'master-key-source-unset': {
    status: 500,
    title: 'Source of the master key not set up',
    message: 'SLIPWAY_MASTER_KEY_SOURCE is {source}, and the settings for it are missing.',
    hint: 'Set SLIPWAY_AWS_KMS_REGION or SLIPWAY_VAULT_ADDR as well; see docs/signers.md.',
  },
  'master-key-source-changed': {
    status: 500,
    title: 'Other source of the master key',
    message: 'This database has its master key from {was}, and SLIPWAY_MASTER_KEY_SOURCE is {is}.',
    hint: 'Set it back to {was}: no key that was sealed opens with another one.',
  },
  'master-key-source-late': {
    status: 500,
    title: 'Keys are sealed already',
    message: 'Keys in this database are sealed under another master key than that of {source}.',
    hint: 'Start without SLIPWAY_MASTER_KEY_SOURCE. It is for new installations until keys can be rotated.',
  },
});
