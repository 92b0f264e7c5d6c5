import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readInput } from '../ask.ts';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printDeployment } from '../print-deployment.ts';
import { printTable } from '../print-table.ts';
import { requestVerification, showVerifications } from '../verify-deployment.ts';

type Options = ConnectOptions & { json?: boolean };
type Filter = Partial<
  Record<'network' | 'status' | 'signer' | 'address' | 'contract' | 'from' | 'to' | 'search' | 'hash', string>
>;
type ListOptions = Options & Filter & { limit?: string };
type ExportOptions = ConnectOptions & Filter;
type SignOptions = Options & { signed?: string; hash?: string };
type SpeedUpOptions = Options & { fee?: 'slow' | 'standard' | 'fast'; maxFee?: string };

/** `slipway deployments`: what was deployed, where, and how it stands. */
export const deployments: CliCommand = {
  name: 'deployments',
  configure(command: Command, run) {
    withFilter(withJson(withServer(command.command('list', { isDefault: true }))))
      .description('list deployments, or show one')
      .argument('[id]', 'one deployment')
      .option('--limit <number>', 'how many', '25')
      .action((id: string | undefined, options: ListOptions) =>
        run((io) => (id ? show(io, id, options) : list(io, options))),
      );
    withJson(withServer(command.command('show')))
      .description('show one deployment')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => show(io, id, options)));
    withFilter(withServer(command.command('export')))
      .description('print all of them, or those that are searched for, as JSON, one a line, newest first')
      .action((options: ExportOptions) => run((io) => exportAll(io, options)));
    withJson(withServer(command.command('cancel')))
      .description('cancel one that is not mined; once it was sent, an empty transaction competes with it')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => cancel(io, id, options)));
    withJson(withServer(command.command('speed-up')))
      .description('offer more for one that waits to be mined')
      .argument('<id>')
      .option('--fee <policy>', 'slow, standard or fast', 'fast')
      .option('--max-fee <wei>', 'cap for the fee per gas, in wei')
      .action((id: string, options: SpeedUpOptions) => run((io) => speedUp(io, id, options)));
    withJson(withServer(command.command('import')))
      .description('keep what Foundry or Hardhat Ignition deployed, as history')
      .argument('<file>', 'run-latest.json of a broadcast, or journal.jsonl of Ignition; - is standard input')
      .action((file: string, options: Options) => run((io) => importRecord(io, file, options)));
    withJson(withServer(command.command('imported')))
      .description('list what was imported')
      .option('--limit <number>', 'how many', '25')
      .action((options: ListOptions) => run((io) => imported(io, options)));
    withJson(withServer(command.command('sign')))
      .description('show what your own wallet is to sign, or give what it has signed or sent')
      .argument('<id>')
      .option('--signed <hex>', 'the signed transaction')
      .option('--hash <hash>', 'of a transaction that the wallet has sent itself')
      .action((id: string, options: SignOptions) => run((io) => sign(io, id, options)));
    withJson(withServer(command.command('transactions')))
      .description('list the transactions that call a deployed contract; `slipway send` makes one')
      .argument('<id>')
      .option('--limit <number>', 'how many', '25')
      .action((id: string, options: ListOptions) => run((io) => transactions(io, id, options)));
    withJson(withServer(command.command('verify')))
      .description('have the source of a confirmed deployment verified, or try it anew')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => requestVerification(io, id, options)));
    withJson(withServer(command.command('verifications')))
      .description('show where the source of a deployment is verified')
      .argument('<id>')
      .action((id: string, options: Options) => run((io) => showVerifications(io, id, options)));
    command.description('list, search, export, show, sign, cancel, speed up and verify deployments');
  },
};

function withFilter(command: Command): Command {
  return command
    .option('--network <name>', 'only there')
    .option('--status <status>', 'only in this state')
    .option('--signer <signer>', 'only by this signer: id or name')
    .option('--address <address>', 'only the contract at this address')
    .option('--hash <hash>', 'only the one that this transaction is of')
    .option('--contract <name>', 'only contracts of this name')
    .option('--from <time>', 'only those from then on: 2026-11-26T00:00:00Z')
    .option('--to <time>', 'only those before then')
    .option('--search <text>', 'a part of a name, or how an address or a hash begins');
}

function queryOf({ network, status, signer, address, contract, from, to, search, hash }: Filter) {
  const given = { network, status, signer, address, contract, from, to, q: search, transactionHash: hash };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [name in keyof typeof given]?: string;
  };
}

/** Page by page, each printed before the next is asked for: there may be any number. */
async function exportAll(io: Io, options: ExportOptions): Promise<number> {
  const client = connect(io, options);
  let cursor: string | undefined;
  do {
    const page = await client.call('GET /api/v1/deployments', {
      query: { ...queryOf(options), limit: 100, ...(cursor === undefined ? {} : { cursor }) },
    });
    for (const item of page.items) io.stdout.write(`${JSON.stringify(item)}\n`);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return exitCodes.ok;
}

async function show(io: Io, id: string, options: Options): Promise<number> {
  const deployment = await connect(io, options).call('GET /api/v1/deployments/:id', { params: { id } });
  return print(io, deployment, options);
}

async function cancel(io: Io, id: string, options: Options): Promise<number> {
  const deployment = await connect(io, options).call('POST /api/v1/deployments/:id/cancel', {
    params: { id },
    idempotencyKey: crypto.randomUUID(),
  });
  return print(io, deployment, options);
}

async function importRecord(io: Io, file: string, options: Options): Promise<number> {
  const result = await connect(io, options).call('POST /api/v1/imported-deployments', {
    body: { record: file === '-' ? await readInput() : readFileSync(file, 'utf8') },
    idempotencyKey: crypto.randomUUID(),
  });
  if (options.json) io.stdout.write(`${JSON.stringify(result)}\n`);
  else io.stdout.write(`${result.format}: ${result.found} contracts, ${result.added} of them new\n`);
  return exitCodes.ok;
}

async function imported(io: Io, options: ListOptions): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/imported-deployments', {
    query: { limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else
    printTable(
      io,
      ['contract', 'chain', 'address', 'block', 'from'],
      page.items.map((item) => [
        ...[item.contract, item.network ?? String(item.chainId), item.address],
        ...[String(item.blockNumber ?? ''), item.format],
      ]),
    );
  return exitCodes.ok;
}

/** What is to be signed is printed as JSON, for whatever signs it. */
async function sign(io: Io, id: string, options: SignOptions): Promise<number> {
  const client = connect(io, options);
  const { signed, hash } = options;
  if (signed === undefined && hash === undefined) {
    const unsigned = await client.call('GET /api/v1/deployments/:id/signature', { params: { id } });
    io.stdout.write(`${JSON.stringify(unsigned, null, options.json ? undefined : 2)}\n`);
    return exitCodes.ok;
  }
  const deployment = await client.call('POST /api/v1/deployments/:id/signature', {
    params: { id },
    body: {
      ...(signed === undefined ? {} : { signedTransaction: signed }),
      ...(hash === undefined ? {} : { transactionHash: hash }),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  return print(io, deployment, options);
}

async function speedUp(io: Io, id: string, options: SpeedUpOptions): Promise<number> {
  const { fee, maxFee } = options;
  const deployment = await connect(io, options).call('POST /api/v1/deployments/:id/speed-up', {
    params: { id },
    body: {
      ...(fee ? { feePolicy: fee } : {}),
      ...(maxFee ? { feeCaps: { maxFeePerGas: maxFee } } : {}),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  return print(io, deployment, options);
}

function print(io: Io, deployment: Parameters<typeof printDeployment>[1], options: Options): number {
  if (options.json) io.stdout.write(`${JSON.stringify(deployment)}\n`);
  else printDeployment(io, deployment);
  return exitCodes.ok;
}

async function transactions(io: Io, id: string, options: ListOptions): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/deployments/:id/transactions', {
    params: { id },
    query: { limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else
    printTable(
      io,
      ['id', 'function', 'status', 'transaction', 'created'],
      page.items.map((item) => [
        ...[item.id, item.call?.function ?? '', item.status, item.transactionHash ?? '', item.createdAt],
      ]),
    );
  return exitCodes.ok;
}

async function list(io: Io, options: ListOptions): Promise<number> {
  const page = await connect(io, options).call('GET /api/v1/deployments', {
    query: { ...queryOf(options), limit: Number(options.limit) },
  });
  if (options.json) io.stdout.write(`${JSON.stringify(page)}\n`);
  else {
    printTable(
      io,
      ['id', 'contract', 'network', 'status', 'address', 'created'],
      page.items.map((item) => [
        item.id,
        item.contract.name,
        item.network,
        item.status,
        item.address ?? '',
        item.createdAt,
      ]),
    );
  }
  return exitCodes.ok;
}
