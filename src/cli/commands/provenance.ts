import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import pc from 'picocolors';
import { AppError } from '../../lib/app-error.ts';
import { type Check, checkProvenance, type Envelope } from '../../service/check-provenance.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect, serverUrl } from '../connect.ts';
import { fail } from '../errors.ts';
import { withJson, withServer } from '../options.ts';

type Options = ConnectOptions & { json?: boolean };
type VerifyOptions = Options & { keys?: string; rpc?: string; offline?: boolean };

/** `slipway provenance`: where a contract came from, signed, and checked without trusting who says it. */
export const provenance: CliCommand = {
  name: 'provenance',
  configure(command: Command, run) {
    withServer(command.command('show'))
      .description('print the signed statement of a confirmed deployment')
      .argument('<deployment>')
      .action((id: string, options: Options) => run((io) => show(io, id, options)));
    withJson(withServer(command.command('verify')))
      .description('check a statement: its signature, the signed bytes, and the block by one call to a node')
      .argument('<file>', 'what `provenance show` printed')
      .option('--keys <file-or-url>', "trusted public keys (JWKS); the known server's when absent")
      .option('--rpc <url>', 'a node of the chain')
      .option('--offline', 'leave the chain out')
      .action((file: string, options: VerifyOptions) => run((io) => check(io, file, options)));
    command.description('show and verify where a contract came from');
  },
};

async function show(io: Io, id: string, options: Options): Promise<number> {
  const route = 'GET /api/v1/deployments/:id/provenance';
  const envelope = await connect(io, options).call(route, { params: { id } });
  io.stdout.write(`${JSON.stringify(envelope)}\n`);
  return exitCodes.ok;
}

/** Exit code 1 unless every check passed; the chain may be left out only where that was asked for. */
async function check(io: Io, file: string, options: VerifyOptions): Promise<number> {
  const envelope = readJson<Envelope>(io, file);
  if (typeof envelope.payload !== 'string' || !Array.isArray(envelope.signatures))
    throw fail('file-unreadable', { file, reason: 'it is no DSSE envelope' });
  const { keys } = await readKeys(io, options);
  const { rpc: rpcUrl = null, offline = false } = options;
  const { ok, checks, statement } = await checkProvenance({ envelope, keys, rpcUrl, offline });
  if (options.json) io.stdout.write(`${JSON.stringify({ ok, checks, statement })}\n`);
  else for (const each of checks) print(io, each);
  return ok ? exitCodes.ok : exitCodes.failed;
}

function print(io: Io, { check, result, detail }: Check): void {
  const colour = { ok: pc.green, failed: pc.red, 'not run': pc.yellow }[result];
  io.stdout.write(`${colour(result.padEnd(7))} ${check.padEnd(22)} ${detail.slice(0, 100)}\n`);
}

async function readKeys(io: Io, options: VerifyOptions): Promise<{ keys: Record<string, unknown>[] }> {
  const from = options.keys ?? new URL('/.well-known/jwks.json', serverUrl(io, options)).href;
  if (!/^https?:/.test(from)) return readJson(io, from);
  try {
    const response = await fetch(from, { signal: AbortSignal.timeout(10_000) });
    return (await response.json()) as { keys: Record<string, unknown>[] };
  } catch (error) {
    throw fail('file-unreadable', { file: from, reason: (error as Error).message });
  }
}

function readJson<Value>(io: Io, file: string): Value {
  const path = resolve(io.cwd, file);
  try {
    if (!existsSync(path)) throw new Error('there is no such file');
    return JSON.parse(readFileSync(path, 'utf8')) as Value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw fail('file-unreadable', { file, reason: (error as Error).message });
  }
}
