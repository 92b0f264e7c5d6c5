import pc from 'picocolors';
import { ApiProblem, ServiceUnreachable } from '../client/errors.ts';
import { AppError } from '../lib/app-error.ts';
import { exitCodes, type Io } from './command.ts';
import { printable } from './printable.ts';

/** What every kind of failure comes down to for a reader. */
interface Failure {
  code: string;
  message: string;
  hint: string;
  issues: { pointer: string; message: string }[];
  place: { file?: string; line?: number; column?: number; excerpt?: string } | undefined;
  exitCode: number;
}

/** Says what went wrong, where, and what to do; with `json` as one object on standard output. @returns the exit code */
export function printFailure(io: Io, error: unknown, options: { json: boolean }): number {
  const failure = toFailure(error);
  const { exitCode, ...shown } = failure;
  if (options.json) io.stdout.write(`${JSON.stringify({ error: shown })}\n`);
  const { file, line, column, excerpt } = failure.place ?? {};
  // Some messages begin with their place.
  const where =
    file && !failure.message.startsWith(file)
      ? `${[file, line, column].filter((part) => part !== undefined).join(':')}: `
      : '';
  io.stderr.write(`${pc.red('error')} ${pc.dim(failure.code)} ${printable(where + failure.message)}\n`);
  if (excerpt) io.stderr.write(`${excerpt.split('\n').map(printable).join('\n')}\n`);
  for (const issue of failure.issues) io.stderr.write(`  ${issue.pointer}: ${issue.message}\n`);
  if (failure.hint) io.stderr.write(`${pc.cyan('hint')} ${failure.hint}\n`);
  return exitCode;
}

function toFailure(error: unknown): Failure {
  if (error instanceof ServiceUnreachable) {
    return {
      code: 'service-unreachable',
      message: error.message,
      hint: 'Is the server running? Start it with `npm start`, or check SLIPWAY_URL.',
      issues: [],
      place: undefined,
      exitCode: exitCodes.unreachable,
    };
  }
  if (error instanceof ApiProblem) {
    const { code, hint, issues, place, message, status } = error;
    return {
      code,
      message,
      hint,
      issues,
      place,
      exitCode: status >= 500 ? exitCodes.unreachable : usageOr(status),
    };
  }
  if (error instanceof AppError) {
    const { code, hint, issues, place, message, status } = error;
    return {
      code,
      message,
      hint,
      issues,
      place,
      exitCode: status === 503 ? exitCodes.unreachable : usageOr(status),
    };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', message, hint: '', issues: [], place: undefined, exitCode: exitCodes.failed };
}

/** A request that was wrong in itself is wrong use; a state that forbids it is a failure of the work. */
function usageOr(status: number): number {
  return status === 409 || status === 500 ? exitCodes.failed : exitCodes.usage;
}
