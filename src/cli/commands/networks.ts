import type { Command } from 'commander';
import { type CliCommand, exitCodes, type Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { withJson, withServer } from '../options.ts';
import { printTable } from '../print-table.ts';

type Options = ConnectOptions & { json?: boolean; configured?: boolean };

/** `slipway networks`: where the server can deploy, and where it could with an address. */
export const networks: CliCommand = {
  name: 'networks',
  configure(command: Command, run) {
    withJson(withServer(command))
      .description('list the networks that are known, and which of them the server reaches')
      .option('--configured', 'only those that the server reaches')
      .action((options: Options) => run((io) => list(io, options)));
  },
};

async function list(io: Io, options: Options): Promise<number> {
  const reply = await connect(io, options).call('GET /api/v1/networks', {
    query: options.configured ? { configured: 'true' } : {},
  });
  if (options.json) {
    io.stdout.write(`${JSON.stringify(reply)}\n`);
    return exitCodes.ok;
  }
  printTable(
    io,
    ['name', 'chain', 'kind', 'here', 'confirmations', 'verified by', 'explorer', 'faucet'],
    reply.items.map((network) => [
      network.name,
      String(network.chainId),
      network.kind,
      network.configured ? 'yes' : 'no',
      String(network.confirmations),
      network.verifiers.map(({ kind }) => kind).join(', '),
      network.explorerUrl ?? '',
      network.faucetUrl ?? '',
    ]),
  );
  return exitCodes.ok;
}
