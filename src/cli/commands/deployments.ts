import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printDeployment } from '../print-deployment.ts';
import { printTable } from '../print-table.ts';

type Options = ConnectOptions & { json?: boolean; network?: string; status?: string; limit?: string };

/** `slipway deployments`: what was deployed, where, and how it stands. */
export const deployments: CliCommand = {
  name: 'deployments',
  configure(command: Command, run) {
    withJson(withServer(command))
      .description('list deployments, or show one')
      .argument('[id]', 'one deployment')
      .option('--network <name>', 'only there')
      .option('--status <status>', 'only in this state')
      .option('--limit <number>', 'how many', '25')
      .action((id: string | undefined, options: Options) =>
        run((io) => (id ? show(io, id, options) : list(io, options))),
      );
  },
};

async function show(io: Io, id: string, options: Options): Promise<number> {
  const deployment = await connect(io, options).call('GET /api/v1/deployments/:id', { params: { id } });
  if (options.json) io.stdout.write(`${JSON.stringify(deployment)}\n`);
  else printDeployment(io, deployment);
  return exitCodes.ok;
}

async function list(io: Io, options: Options): Promise<number> {
  const { network, status } = options;
  const page = await connect(io, options).call('GET /api/v1/deployments', {
    query: { limit: Number(options.limit), ...(network ? { network } : {}), ...(status ? { status } : {}) },
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
