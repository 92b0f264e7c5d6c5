import type { ReplyOf } from '../client/route-types.ts';
import { exitCodes, type Io } from './command.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { printTable } from './print-table.ts';

type Options = ConnectOptions & { json?: boolean };
type Verifications = ReplyOf<'GET /api/v1/deployments/:id/verifications'>;

/** Asks for the verification of a deployment's source and prints what is under way. @returns the exit code */
export async function requestVerification(io: Io, id: string, options: Options): Promise<number> {
  const asked = await connect(io, options).call('POST /api/v1/deployments/:id/verify', {
    params: { id },
    idempotencyKey: crypto.randomUUID(),
  });
  return print(io, asked, options);
}

/** Prints where a deployment's source is verified. @returns the exit code */
export async function showVerifications(io: Io, id: string, options: Options): Promise<number> {
  const route = 'GET /api/v1/deployments/:id/verifications';
  return print(io, await connect(io, options).call(route, { params: { id } }), options);
}

function print(io: Io, verifications: Verifications, options: Options): number {
  if (options.json) {
    io.stdout.write(`${JSON.stringify(verifications)}\n`);
    return exitCodes.ok;
  }
  const { status, verifiers } = verifications;
  io.stdout.write(`Source  ${status.replace('_', ' ')}\n`);
  if (verifiers.length > 0) {
    printTable(
      io,
      ['place', 'status', 'match', 'said', 'note'],
      verifiers.map(({ kind, status, match, words, error }) => [
        ...[kind, status.replace('_', ' '), match ?? '', words ?? '', error?.hint ?? ''],
      ]),
    );
  }
  return exitCodes.ok;
}
