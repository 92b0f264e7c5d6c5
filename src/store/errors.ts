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
  'build-not-compiled': {
    status: 409,
    title: 'Build not compiled',
    message: 'Build {id} is {status}: there is no compiler input of it.',
    hint: 'Wait for its job to end; a build whose job failed before it compiled never has one.',
  },
  'stored-content-damaged': {
    status: 500,
    title: 'Stored data damaged',
    message: 'What the database keeps under {hash} is not what that hash says, or is gone.',
    hint: 'Tell the operator: the row was changed by something other than Slipway, and has to come back from a backup.',
  },
  'signer-frozen': {
    status: 409,
    title: 'Signer is frozen',
    message: 'Nothing is signed with {address} on this chain: {reason}',
    hint: 'Find out who else uses the key, then compare it with the chain: `slipway signers reconcile <name>`.',
  },
  'nonce-taken': {
    status: 409,
    title: 'Nonce is taken',
    message: 'Nonce {nonce} of {address} belongs to another transaction that is recorded here.',
    hint: 'Only one of the two can be mined. Sign again with a nonce that is free.',
  },
  'cursor-invalid': {
    status: 422,
    title: 'Invalid cursor',
    message: 'The cursor of this list is not one that we gave out.',
    hint: 'Take the cursor from the Link header or from `nextCursor`, or leave it out to start again.',
  },
});
