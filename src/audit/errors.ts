import { catalogue } from '../lib/app-error.ts';

export const fail = catalogue({
  'baseline-invalid': {
    status: 422,
    title: 'Not a baseline',
    message: '{name} is no baseline of an audit: {reason}.',
    hint: 'Write one with `slipway audit … --save-baseline <file>`, or give the output of `slipway audit … --json`.',
  },
});
