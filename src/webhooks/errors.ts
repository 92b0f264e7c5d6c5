import { catalogue } from '../lib/app-error.ts';

/** What can be wrong with a webhook, and how a delivery can go wrong. */
export const fail = catalogue({
  'webhook-url-invalid': {
    status: 422,
    title: 'Address of the webhook not usable',
    message: 'The address cannot be used: {problem}.',
    hint: 'Give an address such as https://example.org/hooks/slipway.',
  },
  'webhook-address-private': {
    status: 422,
    title: 'Webhook leads to a private address',
    message: '{host} is no address of the public internet ({range}); webhooks may not call it.',
    hint: 'Use a public address. The operator can allow ranges with SLIPWAY_WEBHOOK_PRIVATE.',
  },
  'webhooks-limit-reached': {
    status: 409,
    title: 'Too many webhooks',
    message: 'There are {count} webhooks, which is the limit.',
    hint: 'Delete one that is not needed; one webhook can take several types of events.',
  },
  'webhook-delivery-pending': {
    status: 409,
    title: 'Delivery has not ended',
    message: 'The delivery {id} is still being tried.',
    hint: 'Wait until it has succeeded or failed; `nextAttemptAt` says when it is tried again.',
  },
  'webhook-disabled': {
    status: 409,
    title: 'Webhook is disabled',
    message: 'The webhook is disabled, because its receiver said that it is gone (410).',
    hint: 'Delete it, and make a new one when there is a receiver again.',
  },
  'webhook-deleted': {
    status: 409,
    title: 'Webhook was deleted',
    message: 'The webhook was deleted before this was delivered.',
    hint: 'Make a new webhook to be told of what happens from now on.',
  },
  'webhook-delivery-cancelled': {
    status: 409,
    title: 'Delivery was cancelled',
    message: 'The job of this delivery was cancelled.',
    hint: 'Redeliver it if it is wanted after all.',
  },
  'webhook-queue-full': {
    status: 429,
    title: 'Too many deliveries pending',
    message: 'The account has {max} deliveries that are still being tried, which is the limit.',
    hint: 'Let receivers answer 2xx at once, and delete webhooks whose receivers are gone; redeliver what is still wanted when there is room.',
    retryable: true,
  },
  'webhook-held': {
    status: 503,
    title: 'Receiver is left alone for a while',
    message:
      '{host} did not answer the last {silences} time(s), or not quickly; one delivery at a time finds out whether it is back.',
    hint: 'The attempts of the other deliveries say what is wrong. They are tried again by themselves.',
    retryable: true,
  },
  'webhook-timeout': {
    status: 504,
    title: 'Receiver did not answer',
    message: '{host} did not answer within {seconds} s.',
    hint: 'Answer with a 2xx status at once and do the work afterwards.',
    retryable: true,
  },
  'webhook-unreachable': {
    status: 502,
    title: 'Receiver could not be reached',
    message: 'The request to {host} broke: {problem}.',
    hint: 'Check that the name resolves, that something listens there, and that its certificate is valid.',
    retryable: true,
  },
  'webhook-redirected': {
    status: 502,
    title: 'Receiver redirects',
    message: '{host} answered with the redirect {status}, and redirects are not followed.',
    hint: 'Give the webhook the address that the receiver redirects to.',
    retryable: true,
  },
  'webhook-refused': {
    status: 502,
    title: 'Receiver refused',
    message: '{host} answered {status}; only 2xx counts as received.',
    hint: 'Look at the reply of the attempt and at the log of the receiver.',
    retryable: true,
  },
  'webhook-gone': {
    status: 410,
    title: 'Receiver is gone',
    message: '{host} answered 410: it does not want to be called any more. The webhook is disabled.',
    hint: 'Make a new webhook when there is a receiver again.',
  },
});
