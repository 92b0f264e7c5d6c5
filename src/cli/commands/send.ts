import type { Command } from 'commander';
import type { CliCommand, Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import { type PaymentOptions, readArguments, readPayment, withPayment } from '../deploy-options.ts';
import { withJson, withServer } from '../options.ts';
import { runDeployment } from '../run-deployment.ts';

interface Options extends ConnectOptions, PaymentOptions {
  args?: string;
  signer?: string;
  confirm?: boolean;
  json?: boolean;
}

/** `slipway send`: calls a function of a deployed contract by a transaction. */
export const send: CliCommand = {
  name: 'send',
  configure(command: Command, run) {
    withPayment(withJson(withServer(command)))
      .description('call a function of a deployed contract by a transaction')
      .argument('<deployment>', 'id of a deployment')
      .argument('<function>', "name, or signature: 'transfer(address,uint256)'")
      .option('--args <json>', "arguments: '[…]' in order, or '{…}' by name")
      .option('--signer <name>', 'id or name; the signer of the deployment')
      .option('--confirm', 'the explicit yes that a mainnet needs')
      .action((id: string, name: string, options: Options) => run((io) => sendIt(io, id, name, options)));
  },
};

async function sendIt(io: Io, id: string, name: string, options: Options): Promise<number> {
  const { args, signer, confirm = false } = options;
  const client = connect(io, options);
  const job = await client.call('POST /api/v1/deployments/:id/transactions', {
    params: { id },
    body: {
      ...{ function: name, confirm, ...readPayment(options) },
      ...(args ? { args: readArguments('--args', args) } : {}),
      ...(signer ? { signer } : {}),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  return runDeployment(io, client, { jobId: job.id, json: options.json ?? false });
}
