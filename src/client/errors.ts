import type { Problem } from '../http/problem.ts';

/** The server answered with a problem (RFC 9457): the request, or what it asked for, was refused. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** From the error catalogue; stable, for programs. */
  readonly code: string;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly requestId: string;
  /** One for each field that is wrong. */
  readonly issues: NonNullable<Problem['errors']>;
  readonly place: Problem['place'];
  readonly data: Record<string, unknown> | undefined;
  /** Seconds to wait before another try, where the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.title = problem.title;
    this.hint = problem.hint;
    this.retryable = problem.retryable;
    this.requestId = problem.requestId;
    this.issues = problem.errors ?? [];
    this.place = problem.place;
    this.data = problem.data;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Nothing answered at the server's address, or the connection broke. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`Nothing answers at ${url}.`, { cause });
    this.url = url;
  }
}
