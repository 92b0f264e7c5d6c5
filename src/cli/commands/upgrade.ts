import type { Command } from 'commander';
import type { CliCommand, Io } from '../command.ts';
import { type ConnectOptions, connect } from '../connect.ts';
import {
  type ConsentOptions,
  type PaymentOptions,
  readArguments,
  readConsent,
  readPayment,
  withConsent,
} from '../deploy-options.ts';
import { withJson, withServer } from '../options.ts';
import { runDeployment } from '../run-deployment.ts';

interface Options extends ConnectOptions, ConsentOptions, Pick<PaymentOptions, 'fee' | 'maxFee'> {
  contract?: string;
  args?: string;
  call?: string;
  current?: string;
  callArgs?: string;
  signer?: string;
  json?: boolean;
}

/** `slipway upgrade`: another implementation behind a proxy. */
export const upgrade: CliCommand = {
  name: 'upgrade',
  configure(command: Command, run) {
    withConsent(withJson(withServer(command)))
      .description('put another implementation behind a proxy, once its storage was compared')
      .argument('<deployment>', 'id of the proxy')
      .argument('<build>', 'id of a build')
      .option('--contract <name>', 'Name or file:Name; the one the build chose')
      .option('--args <json>', 'constructor arguments of the implementation')
      .option('--call <function>', 'call this function in the same transaction')
      .option('--call-args <json>', 'its arguments')
      .option('--current <build>', 'the build of what stands there now, where it was put there elsewhere')
      .option('--signer <name>', 'id or name; the signer of the proxy')
      .option('--fee <policy>', 'slow, standard or fast')
      .option('--max-fee <wei>', 'cap for the fee per gas, in wei')
      .action((id: string, buildId: string, options: Options) =>
        run((io) => upgradeIt(io, { id, buildId }, options)),
      );
  },
};

async function upgradeIt(
  io: Io,
  { id, buildId }: { id: string; buildId: string },
  options: Options,
): Promise<number> {
  const { contract, args, call, callArgs, current, signer } = options;
  const client = connect(io, options);
  const job = await client.call('POST /api/v1/deployments/:id/upgrade', {
    params: { id },
    body: {
      ...{ buildId, ...readPayment(options), ...readConsent(options) },
      ...(contract ? { contract } : {}),
      ...(args ? { constructorArgs: readArguments('--args', args) } : {}),
      ...(call
        ? { call: { function: call, ...(callArgs ? { args: readArguments('--call-args', callArgs) } : {}) } }
        : {}),
      ...(current ? { current: { buildId: current } } : {}),
      ...(signer ? { signer } : {}),
    },
    idempotencyKey: crypto.randomUUID(),
  });
  return runDeployment(io, client, { jobId: job.id, json: options.json ?? false });
}
