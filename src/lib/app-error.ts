/** One field or argument of a request that is wrong. `pointer` is an RFC 6901 JSON pointer. */
export interface Issue {
  pointer: string;
  code: string;
  message: string;
}

/** Where in the user's input an error lies. Lines and columns count from 1. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
  pointer?: string;
  excerpt?: string;
}

/** One entry of a room's error catalogue. `{name}` in `message` and `hint` is filled from the parameters. */
export interface ErrorEntry {
  /** HTTP status that this error has when it reaches a caller. */
  status: number;
  /** Short, the same for every occurrence. */
  title: string;
  message: string;
  hint: string;
  /** True when the same call may succeed later with no change. */
  retryable?: boolean;
}

export type ErrorParameters = Record<string, string | number>;

export interface ErrorDetails {
  cause?: unknown;
  place?: Place;
  issues?: Issue[];
  /** Facts for programs, shown to the caller as they are: never secrets. */
  data?: Record<string, unknown>;
  /** Seconds after which a retry makes sense. */
  retryAfterSeconds?: number;
  retryable?: boolean;
}

/** The caller's mistake or a named failure: everything the platform says about what went wrong. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly hint: string;
  readonly retryable: boolean;
  readonly place: Place | undefined;
  readonly issues: Issue[];
  readonly data: Record<string, unknown> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, entry: ErrorEntry, parameters: ErrorParameters = {}, details: ErrorDetails = {}) {
    super(fill(entry.message, parameters), details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.hint = fill(entry.hint, parameters);
    this.retryable = details.retryable ?? entry.retryable ?? false;
    this.place = details.place;
    this.issues = details.issues ?? [];
    this.data = details.data;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** What a job row, an event or a pipeline stage keeps of an error. Plain JSON. */
export interface StoredError {
  code: string;
  title: string;
  message: string;
  hint: string;
  retryable: boolean;
  place?: Place;
  issues?: Issue[];
  data?: Record<string, unknown>;
}

/** @returns the error as plain JSON, with neither cause nor stack. */
export function toStoredError(error: AppError): StoredError {
  return {
    code: error.code,
    title: error.title,
    message: error.message,
    hint: error.hint,
    retryable: error.retryable,
    ...(error.place ? { place: error.place } : {}),
    ...(error.issues.length > 0 ? { issues: error.issues } : {}),
    ...(error.data ? { data: error.data } : {}),
  };
}

/**
 * Makes a room's error catalogue: codes are kebab-case and unique in the whole repository
 * (`test/tidy.test.ts` checks that).
 *
 * @example
 * export const fail = catalogue({ 'unknown-network': { status: 404, title: …, message: '… {network}', hint: … } });
 * throw fail('unknown-network', { network });
 */
export function catalogue<const Entries extends Record<string, ErrorEntry>>(entries: Entries) {
  const fail = (
    code: keyof Entries & string,
    parameters: ErrorParameters = {},
    details: ErrorDetails = {},
  ): AppError => {
    const entry = entries[code];
    if (!entry) throw new Error(`no error entry ${code}`);
    return new AppError(code, entry, parameters, details);
  };
  // The entries are readable, for the pages that list every error.
  return Object.assign(fail, { entries });
}

function fill(template: string, parameters: ErrorParameters): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
