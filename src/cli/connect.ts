import { type Client, createClient } from '../client/create-client.ts';
import { readConfig } from '../ops/config.ts';
import { localFiles } from '../service/local-files.ts';
import type { Io } from './command.ts';
import { credentialsFile } from './credentials.ts';
import { fail } from './errors.ts';

/** Options that every command which talks to a server takes. */
export interface ConnectOptions {
  url?: string;
  apiKey?: string;
}

/**
 * Finds the server and who we are there: options, then SLIPWAY_URL and SLIPWAY_API_KEY, then a login, then the
 * embedded server of this folder with its own key.
 * @throws AppError `no-server-known`, `not-signed-in`
 */
export function connect(io: Io, options: ConnectOptions): Client {
  const local = localFiles(readConfig(io.env, io.cwd).dataDir);
  const server = local.readServer();
  const saved = credentialsFile(io.env).read();
  const url = serverUrl(io, options);
  const own = server?.url === url ? local.readApiKey() : null;
  const apiKey = options.apiKey ?? io.env['SLIPWAY_API_KEY'] ?? own;
  if (apiKey) return createClient({ url, apiKey });
  if (saved?.url === url) return createClient({ url, apiKey: saved.apiKey });
  throw fail('not-signed-in', { url });
}

/** @returns the address of the server that `connect` would use. @throws AppError `no-server-known` */
export function serverUrl(io: Io, options: ConnectOptions): string {
  const local = localFiles(readConfig(io.env, io.cwd).dataDir);
  const saved = credentialsFile(io.env).read();
  const url = options.url ?? io.env['SLIPWAY_URL'] ?? local.readServer()?.url ?? saved?.url;
  if (!url) throw fail('no-server-known');
  return url;
}
