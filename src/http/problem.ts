import { AppError } from '../lib/app-error.ts';
import { isConnectionFault } from '../store/db.ts';
import { fail as failStore } from '../store/errors.ts';
import { fail } from './errors.ts';

export const problemType = 'application/problem+json';

/** An error as callers see it (RFC 9457). */
export interface Problem {
  /** Address of the page that explains the code, relative to this server. */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint: string;
  retryable: boolean;
  requestId: string;
  errors?: { pointer: string; code: string; message: string }[];
  place?: { file?: string; line?: number; column?: number; pointer?: string; excerpt?: string };
  data?: Record<string, unknown>;
}

export function toProblem(error: AppError, requestId: string): Problem {
  return {
    type: `/docs/errors#${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    hint: error.hint,
    retryable: error.retryable,
    requestId,
    ...(error.issues.length > 0 ? { errors: error.issues } : {}),
    ...(error.place ? { place: error.place } : {}),
    ...(error.data ? { data: error.data } : {}),
  };
}

/** The headers that an error needs beside its body. */
export function problemHeaders(error: AppError): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': problemType, 'cache-control': 'no-store' };
  if (error.retryAfterSeconds !== undefined)
    headers['retry-after'] = String(Math.ceil(error.retryAfterSeconds));
  if (error.status === 401) {
    const missing = error.code === 'credentials-missing';
    headers['www-authenticate'] = missing
      ? 'Bearer realm="slipway"'
      : `Bearer realm="slipway", error="invalid_token", error_description="${error.title}"`;
  }
  if (error.status === 403 && error.code === 'scope-missing') {
    headers['www-authenticate'] = `Bearer realm="slipway", error="insufficient_scope"`;
  }
  const allow = error.data?.['allow'];
  if (error.status === 405 && typeof allow === 'string') headers['allow'] = allow;
  return headers;
}

/**
 * Translates whatever a request ended with. Our own errors stay; the database's absence and Fastify's complaints
 * about the request get their codes; everything else is `internal-error`, of which the caller learns no more.
 */
export function toAppError(error: unknown, request: { bodyBytesMax: number; contentType: string }): AppError {
  if (error instanceof AppError) return error;
  if (isConnectionFault(error))
    return failStore('database-unavailable', {}, { cause: error, retryAfterSeconds: 2 });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return fail('body-too-large', { max: request.bodyBytesMax });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return fail('unsupported-media-type', { given: request.contentType || '(none)' });
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500)
    return fail('bad-request', { problem: (error as Error).message }, { cause: error });
  return fail('internal-error', {}, { cause: error });
}
