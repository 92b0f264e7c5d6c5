import { hostname } from 'node:os';
import type { Command } from 'commander';
import { createClient } from '../../client/create-client.ts';
import { ask, readInput } from '../ask.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { credentialsFile } from '../credentials.ts';
import { fail } from '../errors.ts';

interface LoginOptions {
  url?: string;
  email?: string;
  passwordStdin?: boolean;
  register?: boolean;
}

/** `slipway login`: exchanges e-mail and password for an API key of this machine, which is kept for later commands. */
export const login: CliCommand = {
  name: 'login',
  configure(command: Command, run) {
    command
      .description('sign in to a server and keep an API key for it')
      .option('--url <url>', 'the server; SLIPWAY_URL')
      .option('--email <address>', 'your e-mail address')
      .option('--password-stdin', 'read the password from standard input')
      .option('--register', 'make the account first')
      .action((options: LoginOptions) => run((io) => signIn(io, options)));
  },
};

async function signIn(io: Io, options: LoginOptions): Promise<number> {
  const url = options.url ?? io.env['SLIPWAY_URL'];
  if (!url) throw fail('no-server-known');
  const email = options.email ?? (await ask(io, 'E-mail: '));
  const password = options.passwordStdin ? await readInput() : await ask(io, 'Password: ', { hidden: true });
  const client = createClient({ url });
  if (options.register) await client.call('POST /api/v1/auth/register', { body: { email, password } });
  const session = await client.call('POST /api/v1/auth/login', { body: { email, password } });
  const signedIn = createClient({ url, token: session.accessToken });
  const key = await signedIn.call('POST /api/v1/api-keys', {
    body: { name: `CLI on ${hostname()}`, scopes: ['*'] },
  });
  const file = credentialsFile(io.env);
  file.write({ url, apiKey: key.key });
  await signedIn.call('POST /api/v1/auth/logout', {});
  io.stdout.write(`Signed in to ${url} as ${email}. The key is kept in ${file.file}.\n`);
  return exitCodes.ok;
}
