import { catalogue } from '../lib/app-error.ts';

/** Errors of the operations room: what an operator set wrong. */
export const fail = catalogue({
  'bad-settings': {
    status: 500,
    title: 'Settings are wrong',
    message: '{count} of the settings cannot be used:\n{problems}',
    hint: 'Correct these environment variables and start again; a variable that is not set takes its default.',
  },
  'bad-master-key': {
    status: 500,
    title: 'The key-encryption key is unreadable',
    message: 'The file {file} does not hold a key of 32 bytes in hex or base64.',
    hint: 'Put the file back from a backup, or set SLIPWAY_KEY_ENCRYPTION_KEY. Without the right key the stored signer keys cannot be opened, so it is never replaced by a new one.',
  },
});
