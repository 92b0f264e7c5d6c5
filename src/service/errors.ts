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
});
