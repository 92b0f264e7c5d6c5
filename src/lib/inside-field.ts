import { AppError, type StoredError, toStoredError } from './app-error.ts';

/**
 * Shows an error's pointers as they are in a larger request: what a deployment calls `/network` is
 * `/deploy/network` where the deployment is one field of a pipeline. Places in files stay as they are.
 *
 * @param field a JSON pointer (RFC 6901) to the field that holds the smaller request
 */
export function insideField(field: string, error: StoredError): StoredError {
  const { place, issues } = error;
  return {
    ...error,
    ...(place?.pointer === undefined ? {} : { place: { ...place, pointer: field + place.pointer } }),
    ...(issues ? { issues: issues.map((issue) => ({ ...issue, pointer: field + issue.pointer })) } : {}),
  };
}

/** Runs `work` on one field of a request; what it throws points into the whole request. */
export async function inField<Result>(field: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, status, title, message, hint, retryable, retryAfterSeconds, cause } = error;
    const { place, issues, data } = insideField(field, toStoredError(error));
    throw new AppError(
      code,
      { status, title, message, hint, retryable },
      {},
      {
        cause,
        ...(place ? { place } : {}),
        ...(issues ? { issues } : {}),
        ...(data ? { data } : {}),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      },
    );
  }
}
