import { catalogue } from '../lib/app-error.ts';

/** Errors of the HTTP frame itself. */
export const fail = catalogue({
  'malformed-json': {
    status: 400,
    title: 'Malformed JSON',
    message: 'The body is not JSON: {problem} at line {line}, column {column}.',
    hint: 'Check the place for a missing quote, comma or bracket.',
  },
  'json-too-deep': {
    status: 400,
    title: 'JSON nested too deeply',
    message: 'The body nests arrays and objects more than {max} deep.',
    hint: 'Flatten the value; no field of this API needs that depth.',
  },
  'validation-failed': {
    status: 422,
    title: 'Request not valid',
    message: 'The request has {count} problem(s): {first}',
    hint: 'Each entry of `errors` names the field by a JSON pointer; /docs shows what the route takes.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Content type not supported',
    message: 'The body has the content type {given}; this API reads application/json.',
    hint: 'Send JSON with the header `Content-Type: application/json`.',
  },
  'body-too-large': {
    status: 413,
    title: 'Body too large',
    message: 'The body is larger than the {max} bytes that this route takes.',
    hint: 'Send less; for sources, leave out files that nothing imports. All limits are at /docs/limits.',
  },
  'bad-request': {
    status: 400,
    title: 'Bad request',
    message: 'The request cannot be read: {problem}.',
    hint: 'Check the request line and the headers.',
  },
  'unknown-route': {
    status: 404,
    title: 'No such address',
    message: 'There is nothing at {method} {path}.',
    hint: 'See /docs for every address.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    message: '{path} does not take {method}.',
    hint: 'It takes {allow}.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    message: 'More than {limit} requests a minute.',
    hint: 'Wait as long as Retry-After says. {advice}',
    retryable: true,
  },
  'too-many-sockets': {
    status: 429,
    title: 'Too many live connections',
    message: 'This account has {count} live connections open, which is the limit.',
    hint: 'Close one that is not needed, or follow several subjects one after the other.',
    retryable: true,
  },
  'upgrade-needed': {
    status: 426,
    title: 'WebSocket needed',
    message: 'This address speaks WebSocket only.',
    hint: 'Open it with a WebSocket client, or use the same address with /events for server-sent events.',
  },
  'internal-error': {
    status: 500,
    title: 'Internal error',
    message: 'Something broke on our side.',
    hint: 'Try again; if it stays, give the operator the requestId, which is in the log.',
    retryable: true,
  },
});
