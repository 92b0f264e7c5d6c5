import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Client } from '../../client/create-client.ts';
import { ask, readInput } from '../ask.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';

type Options = ConnectOptions & { json?: boolean };
type PolicyOptions = Options & {
  networks?: string;
  maxFeePerGas?: string;
  spendPerDay?: string;
  none?: boolean;
};
type ImportOptions = Options & { keyFile: string };
type ExportOptions = ConnectOptions & {
  output: string;
  confirm: string;
  passwordStdin?: boolean;
  password: boolean;
};
type CreateOptions = Options & {
  kind: 'local' | 'aws-kms' | 'vault' | 'external';
  keyId?: string;
  address?: string;
};

/** `slipway signers`: the keys that deploy, without the keys. */
export const signers: CliCommand = {
  name: 'signers',
  configure(command: Command, run) {
    withJson(withServer(command.command('list', { isDefault: true })))
      .description('list signers')
      .action((options: Options) => run((io) => list(io, options)));
    withJson(withServer(command.command('create')))
      .description(
        'create a signer with a fresh key, kept encrypted, or for one in AWS KMS or a wallet of yours',
      )
      .argument('<name>')
      .addOption(
        new Option('--kind <kind>', 'how the key is kept')
          .choices(['local', 'aws-kms', 'vault', 'external'])
          .default('local'),
      )
      .option('--key-id <id>', 'ARN, id or alias of the key in AWS KMS')
      .option('--address <address>', 'of the account in a wallet of your own, for external')
      .action((name: string, options: CreateOptions) => run((io) => create(io, name, options)));
    withJson(withServer(command.command('import')))
      .description('make a signer of a private key of yours, kept encrypted from then on')
      .argument('<name>')
      .requiredOption('--key-file <path>', 'a file with the key in hex; - is standard input')
      .action((name: string, options: ImportOptions) => run((io) => importKey(io, name, options)));
    withServer(command.command('export'))
      .description('take the private key of a signer out, into a file that nobody else can read')
      .argument('<signer>', 'id or name')
      .requiredOption('--output <path>', 'a file that does not exist')
      .requiredOption('--confirm <name>', 'the name of the signer, letter for letter')
      .option('--password-stdin', 'read the password of the account from standard input')
      .option('--no-password', 'for an account that has none')
      .action((signer: string, options: ExportOptions) => run((io) => exportKey(io, signer, options)));
    withJson(withServer(command.command('reconcile')))
      .description('compare a signer with its chains, and let it sign again where nothing is undecided')
      .argument('<signer>', 'id or name')
      .action((signer: string, options: Options) => run((io) => reconcile(io, signer, options)));
    withJson(withServer(command.command('policy')))
      .description('show what a signer may do, or say it anew')
      .argument('<signer>', 'id or name')
      .option('--networks <names>', 'the only networks that it may be used on, separated by commas')
      .option('--max-fee-per-gas <wei>', 'the most that it offers for a unit of gas')
      .option('--spend-per-day <wei>', 'the most that it signs for within 24 hours, on each network')
      .option('--none', 'take every limit away')
      .action((signer: string, options: PolicyOptions) => run((io) => policy(io, signer, options)));
    command.description('list, create and reconcile signers, and limit what they may do');
  },
};

async function list(io: Io, options: Options): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/signers', { query: { limit: 100 } });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    printTable(
      io,
      ['id', 'name', 'kind', 'address', 'created'],
      page.items.map((item) => [item.id, item.name, item.kind, item.address, item.createdAt]),
    );
  }
  return exitCodes.ok;
}

async function create(io: Io, name: string, options: CreateOptions): Promise<number> {
  const { kind, keyId, address } = options;
  const signer = await connect(io, options).call('POST /api/v1/signers', {
    body: {
      ...{ name, kind },
      ...(keyId === undefined ? {} : { keyId }),
      ...(address === undefined ? {} : { address }),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  io.stdout.write(options.json ? `${JSON.stringify(signer)}\n` : `${signer.name} ${signer.address}\n`);
  return exitCodes.ok;
}

/** The key is never an argument: those are seen by every user of the machine, and kept in the shell's history. */
async function importKey(io: Io, name: string, { keyFile, ...options }: ImportOptions): Promise<number> {
  const text = keyFile === '-' ? await readInput() : readFileSync(keyFile, 'utf8');
  const privateKey = `0x${text.trim().replace(/^0x/, '')}`;
  const signer = await connect(io, options).call('POST /api/v1/signers', {
    body: { name, kind: 'local', privateKey },
    idempotencyKey: crypto.randomUUID(),
  });
  io.stdout.write(options.json ? `${JSON.stringify(signer)}\n` : `${signer.name} ${signer.address}\n`);
  return exitCodes.ok;
}

async function exportKey(io: Io, which: string, options: ExportOptions): Promise<number> {
  const client = connect(io, options);
  const id = await idOf(client, which);
  const password = await passwordFor(io, options);
  // Made before the key is asked for, which is logged: nothing may then be in the way of keeping it.
  writeFileSync(options.output, '', { mode: 0o600, flag: 'wx' });
  const exported = await client
    .call('POST /api/v1/signers/:id/export', {
      params: { id },
      body: { name: options.confirm, ...(password === undefined ? {} : { password }) },
    })
    .catch((error: unknown) => {
      rmSync(options.output);
      throw error;
    });
  writeFileSync(options.output, `${exported.privateKey}\n`);
  io.stdout.write(`The private key of ${exported.address} is in ${options.output}.\n`);
  return exitCodes.ok;
}

function passwordFor(io: Io, { password, passwordStdin }: ExportOptions): Promise<string | undefined> {
  if (!password) return Promise.resolve(undefined);
  return passwordStdin ? readInput() : ask(io, 'Password: ', { hidden: true });
}

/** Exit code 1 while it is frozen somewhere, or where a chain could not be compared. */
async function reconcile(io: Io, which: string, options: Options): Promise<number> {
  const client = connect(io, options);
  const result = await client.call('POST /api/v1/signers/:id/reconcile', {
    params: { id: await idOf(client, which) },
    idempotencyKey: crypto.randomUUID(),
  });
  if (options.json) io.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    printTable(
      io,
      ['network', 'chain nonce', 'pending', 'next nonce', 'frozen'],
      result.accounts.map((account) => [
        account.network,
        String(account.chainNonce ?? '?'),
        String(account.pendingNonce ?? '?'),
        String(account.nextNonceAfter),
        account.problem?.message ?? account.frozenAfter ?? (account.frozenBefore === null ? '' : 'no more'),
      ]),
    );
  }
  const well = result.accounts.every(({ problem, frozenAfter }) => problem === null && frozenAfter === null);
  return well ? exitCodes.ok : exitCodes.failed;
}

/** What is not named stays as it is. */
async function policy(io: Io, which: string, options: PolicyOptions): Promise<number> {
  const client = connect(io, options);
  const page = await client.call('GET /api/v1/signers', { query: { limit: 100 } });
  const known = page.items.find(({ id, name }) => id === which || name === which);
  const { networks, maxFeePerGas, spendPerDay, none } = options;
  const change = {
    ...(networks === undefined ? {} : { networks: networks.split(',').map((name) => name.trim()) }),
    ...(maxFeePerGas === undefined ? {} : { maxFeePerGas }),
    ...(spendPerDay === undefined ? {} : { spendPerDay }),
  };
  const isChange = none || Object.keys(change).length > 0;
  const signer = isChange
    ? await client.call('PUT /api/v1/signers/:id/policy', {
        params: { id: known?.id ?? which },
        body: none ? change : { ...known?.policy, ...change },
      })
    : await client.call('GET /api/v1/signers/:id', { params: { id: known?.id ?? which } });
  if (options.json) io.stdout.write(`${JSON.stringify(signer)}\n`);
  else {
    const { policy: limits } = signer;
    printTable(
      io,
      ['limit', 'value'],
      [
        ['networks', limits.networks?.join(', ') ?? 'any'],
        ['fee per gas', limits.maxFeePerGas ? `${limits.maxFeePerGas} wei` : 'any'],
        ['spend per day', limits.spendPerDay ? `${limits.spendPerDay} wei on each network` : 'any'],
      ],
    );
  }
  return exitCodes.ok;
}

async function idOf(client: Client, which: string): Promise<string> {
  const page = await client.call('GET /api/v1/signers', { query: { limit: 100 } });
  return page.items.find(({ id, name }) => id === which || name === which)?.id ?? which;
}
