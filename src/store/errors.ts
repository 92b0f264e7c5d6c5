import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'database-unavailable': {
    status: 503,
    title: 'Database unavailable',
    message: 'The database does not answer.',
    hint: 'Try again in a few seconds; `slipway doctor` says what is wrong with it.',
    retryable: true,
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    message: 'There is no {what} {id} here.',
    hint: 'Check the id, and that you use the account that owns it.',
  },
  'cursor-invalid': {
    status: 422,
    title: 'Invalid cursor',
    message: 'The cursor of this list is not one that we gave out.',
    hint: 'Take the cursor from the Link header or from `nextCursor`, or leave it out to start again.',
  },
});
